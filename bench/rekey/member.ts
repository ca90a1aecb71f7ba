/** One member: a real session, carried between worker and TCS by the product's own socket and keyring code. */
import type { Identity } from '../../e2ee-worker/src/trust/identity.ts'
import type { Kem } from '../../e2ee-worker/src/keys/kem.ts'
import { memoryStore } from '../../e2ee-worker/src/trust/store.ts'
import type { WorkerEvent } from '../../e2ee-worker/src/events.ts'
import type { StreamDescriptor } from '../../e2ee-worker/src/protocol.ts'
import { systemClock } from '../../e2ee-worker/src/clock.ts'
import type { Session } from '../../e2ee-worker/src/session/session.ts'
import { startSession } from '../../e2ee-worker/src/session/start.ts'
import { MID, ORIGIN } from '../../e2ee-worker/test/tmms.ts'
import type { PeerId } from '@huisclos/sfu/protocol'
import { clientSocket } from '../../sfu/test/fake-peer.ts'
import { Keyring } from '../../web/src/call/signalling/key-messages.ts'
import { Signal, type EventHandlers } from '../../web/src/call/signalling/signal.ts'
import { now, type Arrival, type Meeting, type Role } from './messages.ts'

const AUDIO: StreamDescriptor = { idx: 0, kind: 'audio', codec: 'opus' }
const NO_PREFIX = new Uint8Array(0)

export interface MemberOptions {
  readonly meeting: Meeting
  readonly role: Role
  readonly token: string
  readonly identity: Identity
  readonly kem: Kem
  /** Whom a viewer meets; those of one process share it. */
  readonly publishers: Set<string>
}

export class Member {
  readonly role: Role
  /** By publisher: the newest generation held, and since when. */
  readonly arrivals = new Map<string, Arrival>()
  readonly #session: Session
  readonly #signal: Signal
  /** Once gone, nothing of the meeting reaches the session: it keeps what it has. */
  #deaf: boolean

  private constructor(role: Role, session: Session, signal: Signal) {
    this.role = role
    this.#session = session
    this.#signal = signal
    this.#deaf = false
  }

  static async join(options: MemberOptions): Promise<Member> {
    const { meeting, role, token, identity, kem, publishers } = options
    const sees = (id: string): boolean => !role.viewer || publishers.has(id)
    const joined: { member?: Member } = {}
    const keyring = new Keyring((notice) => {
      if (joined.member?.gone === true) return
      if (notice.type === 'signal') session.receive(notice.from, bytesOf(notice.bytes))
      if (notice.type === 'roster') session.connections.roster(notice.memberIds.filter(sees))
      if (notice.type === 'joined' && sees(notice.memberId))
        session.connections.joined(notice.memberId)
      if (notice.type === 'departed') session.connections.departed(notice.memberId, notice.reason)
    })
    const { session } = await startSession(
      {
        ...{ tmmsOrigin: ORIGIN, mid: MID, linkSecret: null, token },
        tokenReceivedAt: systemClock.now(),
        ...{ keySet: meeting.keySet, pin: meeting.pin },
      },
      {
        ...{ clock: systemClock, identity, store: memoryStore(), kem },
        keysArrived: (memberId) => joined.member?.noteKey(memberId),
        heldBack: () => undefined,
        authenticity: () => undefined,
        emit: (event) => {
          // Who is not met is not spoken to either: members that are named and silent are asked again and again.
          if (joined.member?.gone !== true && isFor(event, sees)) carry(event, keyring)
        },
      },
    )
    if (role.listens) publishers.add(session.memberId)
    const handlers = handlersFor(keyring, sees)
    const { signal, admission } = await Signal.open({
      origin: ORIGIN,
      prove: async (challenge) => session.server.prove(challenge),
      check: (identity) => session.server.check(identity),
      handlers,
      onCut: (code) => {
        if (joined.member?.gone !== true)
          process.stderr.write(`member ${role.number} cut: ${code}\n`)
      },
      connect: () => connect(meeting.tcsUrl),
    })
    const member = new Member(role, session, signal)
    joined.member = member
    const rtpCapabilities = admission.routerRtpCapabilities
    const { peers } = await signal.ask('join', { rtpCapabilities })
    keyring.connected(signal.ask, peers)
    return member
  }

  get id(): string {
    return this.#session.memberId
  }

  get gone(): boolean {
    return this.#deaf
  }

  /** The generation that seals now, -1 while there is none. */
  get generation(): number {
    return this.#session.sender.current?.gen ?? -1
  }

  publish(): Promise<void> {
    return this.#session.publish([AUDIO])
  }

  seal(plaintext: ArrayBuffer): Promise<Uint8Array<ArrayBuffer>> {
    return this.#session.sender.seal(AUDIO, NO_PREFIX, plaintext)
  }

  /** Whether a frame of this publisher opens. */
  async opens(from: string, wire: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const keys = this.#session.keysOf(from)
    if (keys === null) return false
    return keys.open(wire, 'audio', NO_PREFIX).then(
      () => true,
      () => false,
    )
  }

  noteKey(from: string): void {
    const gen = this.#session.keysOf(from)?.newest()?.gen ?? -1
    if (gen > (this.arrivals.get(from)?.gen ?? -1)) this.arrivals.set(from, { gen, at: now() })
  }

  /** Goes as everybody sees, but erases nothing. */
  async leave(): Promise<void> {
    this.#deaf = true
    await this.#signal.ask('leave', {})
  }

  eavesdrop(): void {
    this.#deaf = true
  }

  remove(memberId: string): Promise<void> {
    return this.#session.features.moderation.removeMember(memberId)
  }

  close(): void {
    this.#deaf = true
    this.#signal.close()
  }
}

function isFor(event: WorkerEvent, sees: (id: string) => boolean): boolean {
  return event.type !== 'send' || event.to === '*' || sees(event.to)
}

function carry(event: WorkerEvent, keyring: Keyring): void {
  if (event.type === 'send') keyring.send(event)
  if (event.type === 'send-many') keyring.sendMany(event.messages)
}

function handlersFor(keyring: Keyring, sees: (id: string) => boolean): EventHandlers {
  const ignore = (): undefined => undefined
  return {
    ...{ 'producer-added': ignore, 'producer-paused': ignore, 'producer-resumed': ignore },
    ...{ 'producer-closed': ignore, 'transport-disconnected': ignore, 'media-reset': ignore },
    ...{ 'active-speakers': ignore, goodbye: ignore },
    'peer-joined': ({ peerId }) => keyring.joined(peerId),
    'peer-left': ({ peerId, reason }) => keyring.departed(peerId, reason),
    'e2ee-message': ({ from, bytes }: { from: PeerId; bytes: Uint8Array }) => {
      if (sees(from)) keyring.receive(from, bytes)
    },
  }
}

function connect(url: string) {
  return clientSocket(url, { Origin: ORIGIN }).connect()
}

function bytesOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes)
}
