/**
 * One meeting session: composes who we are, who is in, whose keys we hold and when ours change.
 *
 * Everything that changes it (bytes from the TCS, its hints, timers, calls of the page) goes through one queue.
 */
import { E2eeError, codeOf } from '../errors.ts'
import type { MemberKeys } from '../keys/member-keys.ts'
import type { Control } from '../keys/messages.ts'
import { Sender } from '../keys/send-chain.ts'
import { permissionFor, suiteOf, verifyToken } from '../keys/token.ts'
import type { Bytes } from '../keys/wire.ts'
import { STREAM_INDEX } from '../protocol.ts'
import type { MemberId, StreamDescriptor, WorkerEvent } from '../protocol.ts'
import { Throttle, type Clock } from './clock.ts'
import { Greeting } from './greeting.ts'
import { Inbox } from './inbox.ts'
import { MemberList } from './member-list.ts'
import { Members } from './members.ts'
import type { Peer } from './peer.ts'
import type { KeyToSend } from './pending-key.ts'
import { SerialQueue } from './queue.ts'
import type { Opening, Room } from './room.ts'
import { Rotation } from './rotation.ts'
import { Upkeep } from './upkeep.ts'
import { Warnings } from './warnings.ts'

const ASK_TOKEN_EVERY_MS = 30_000
/** A HELLO at least this new needs no successor after a reconnection: the page had fetched a token for it. */
const FRESH_HELLO_MS = 30_000

export interface SessionDeps {
  readonly clock: Clock
  readonly emit: (event: WorkerEvent) => void
  /** A new key of this member was accepted: its frames may open from now on. */
  readonly keysArrived: (memberId: MemberId) => void
}

export class Session {
  /** Our current sender key, for the transforms; null means that nothing may be sent. */
  readonly sender = new Sender()
  readonly #room: Room
  readonly #queue = new SerialQueue()
  readonly #inbox: Inbox
  readonly #upkeep: Upkeep
  readonly #list: MemberList
  #connectedBefore = false
  #closed = false

  constructor(opening: Opening, deps: SessionDeps) {
    this.#room = this.#makeRoom(opening, deps)
    this.#inbox = new Inbox(this.#room)
    this.#upkeep = new Upkeep(this.#room)
    this.#list = new MemberList(deps.emit)
  }

  get memberId(): MemberId {
    return this.#room.me.memberId
  }

  /** What proves us to the TCS: the newest token, and the parts of our member id. */
  get proof(): { readonly token: string; readonly nonce: Bytes; readonly ikPub: Bytes } {
    const { credential, nonce, identity } = this.#room.me
    return { token: credential.token, nonce: nonce.slice(), ikPub: identity.ikPub.slice() }
  }

  /** Tasks not finished yet. */
  get busy(): number {
    return this.#queue.size
  }

  /** Keys of the member believed to own a consumer; null for somebody not verified. */
  keysOf(memberId: string): MemberKeys | null {
    return this.#room.members.get(memberId)?.keys ?? null
  }

  /** A frame of this member named a key that we do not hold. */
  missKey(memberId: string): void {
    this.#room.run(async () => {
      const peer = this.#room.members.get(memberId)
      if (peer) await this.#room.requestKey(peer)
    })
  }

  signal(from: string, bytes: Uint8Array): void {
    this.#inbox.signal(from, bytes)
  }

  /** Everybody the TCS says is connected: at arrival and after a reconnection. */
  roster(memberIds: readonly string[]): void {
    const { clock, greeting, me, members } = this.#room
    this.#room.run(() => {
      const ids = memberIds.filter(isMemberId)
      for (const peer of members.all()) {
        if (ids.includes(peer.memberId)) this.#upkeep.back(peer)
        else this.#upkeep.lost(peer)
      }
      greeting.roster(ids)
      const stale = clock.now() - me.current.madeAt > FRESH_HELLO_MS
      if (this.#connectedBefore && stale) this.#room.needToken()
      this.#connectedBefore = true
    })
  }

  joined(memberId: string): void {
    const { greeting, members, rotation } = this.#room
    this.#room.run(async () => {
      if (!isMemberId(memberId)) return
      const peer = members.get(memberId)
      if (peer === undefined) {
        greeting.expect(memberId)
        return
      }
      this.#upkeep.back(peer)
      const gen = this.sender.current?.gen
      if (gen !== undefined && !peer.acked.has(gen)) await rotation.resend(peer)
    })
  }

  /** `left` is believed at once, because refusing to share keys is the safe mistake. */
  departed(memberId: string, reason: 'left' | 'lost'): void {
    const { greeting, members } = this.#room
    this.#room.run(async () => {
      if (isMemberId(memberId)) greeting.forget(memberId)
      const peer = members.get(memberId)
      if (peer === undefined) return
      if (reason === 'lost') this.#upkeep.lost(peer)
      else await this.#room.remove(peer, false)
    })
  }

  /**
   * Resolves once the keys of these streams are in use. Before the first `roster` it waits.
   * @throws E2eeError E_STREAM for what our token does not permit.
   */
  async publish(streams: readonly StreamDescriptor[]): Promise<void> {
    const { greeting, me, rotation } = this.#room
    const permitted = me.credential.claims.prm
    this.#requireOpen()
    for (const { idx, kind } of streams) {
      const fits = STREAM_INDEX[kind] === idx && permitted.includes(permissionFor(kind))
      if (!fits) throw new E2eeError('E_STREAM')
    }
    await new Promise<void>((resolve) => {
      this.#room.run(() => {
        greeting.whenReady(() => this.#room.run(() => rotation.publish(streams, resolve)))
      })
    })
    this.#requireOpen()
  }

  /** @throws E2eeError when the token is not ours, not of this session or its suite, or older than ours. */
  newToken(token: string): Promise<void> {
    const { clock, greeting, me, members, opening } = this.#room
    return this.#queue.run(async () => {
      this.#requireOpen()
      const { claims: old } = me.credential
      const claims = await verifyToken(token, opening.tokenRules(null))
      if (claims.jkt !== old.jkt) throw new E2eeError('E_JKT')
      if (claims.sub !== old.sub) throw new E2eeError('E_TOKEN_MEETING')
      // A session keeps its suite: people whose meeting was given another one join again.
      if (suiteOf(claims) !== me.suite) throw new E2eeError('E_SUITE')
      if (claims.iat < old.iat) throw new E2eeError('E_TOKEN_TIME')
      opening.time.learn(claims.iat)
      await me.renew({ token, claims }, { now: clock.now(), tmmsNow: opening.time.now() })
      greeting.broadcast(members.all().map((peer) => peer.memberId))
    })
  }

  /** Says goodbye, then erases every key. */
  close(): Promise<void> {
    const { greeting, me, members, rotation } = this.#room
    return this.#queue.run(async () => {
      if (this.#closed) return
      for (const peer of members.all()) await this.#room.seal(peer, { type: 'bye' })
      this.#closed = true
      this.#upkeep.close()
      rotation.close()
      greeting.close()
      members.erase()
      me.erase()
    })
  }

  #requireOpen(): void {
    if (this.#closed) throw new E2eeError('E_STATE')
  }

  #makeRoom(opening: Opening, { clock, emit, keysArrived }: SessionDeps): Room {
    const { me } = opening
    const warnings = new Warnings(emit, () => clock.now())
    const askToken = new Throttle(ASK_TOKEN_EVERY_MS)
    const members = new Members(me, clock)
    const greeting = new Greeting({
      clock,
      memberId: me.memberId,
      knows: (memberId) => members.get(memberId) !== undefined,
      sendHello: (to) => emit({ type: 'send', to, bytes: me.current.hello.slice() }),
      run: (task) => this.#run(task),
    })
    const room: Room = {
      ...{ opening, me, clock, members, greeting, emit, keysArrived },
      rotation: new Rotation({
        clock,
        memberId: me.memberId,
        sender: this.sender,
        recipients: () => members.all().filter((peer) => this.#upkeep.mayHaveKeys(peer)),
        sendKey: (peer, key) => this.#sendKey(peer, key),
        run: (task) => this.#run(task),
        switched: (newcomers) => this.#switched(newcomers),
      }),
      warn: (code, memberId) => warnings.warn(code, memberId),
      seal: async (peer, message: Control) => {
        emit({ type: 'send', to: peer.memberId, bytes: await peer.seal(message) })
      },
      remove: async (peer, hard) => {
        if (members.get(peer.memberId) !== peer) return
        members.remove(peer)
        greeting.forget(peer.memberId)
        await room.rotation.left(peer, hard)
      },
      requestKey: async (peer) => {
        if (!peer.askKey.pass(clock.now())) return
        const { gen, step } = peer.keys.newest() ?? { gen: 0, step: 0 }
        await room.seal(peer, { type: 'key-req', gen, step })
      },
      needToken: () => {
        if (askToken.pass(clock.now())) emit({ type: 'need-token' })
      },
      run: (task) => this.#run(task),
    }
    return room
  }

  async #sendKey(peer: Peer, { streams, ...key }: KeyToSend): Promise<void> {
    const { members, opening } = this.#room
    await this.#room.seal(peer, {
      ...{ type: 'sender-key', ...key, streams, ackWanted: true },
      timeMs: opening.time.now(),
      rosterDigest: await members.digest(),
      rosterCount: members.size + 1,
    })
  }

  /** A newcomer shows our video from its first key frame on, so the encoder is asked for one. */
  #switched(newcomers: boolean): void {
    if (!newcomers) return
    for (const { idx, kind } of this.#room.rotation.streams) {
      if (kind !== 'video' && kind !== 'screen') continue
      this.#room.emit({ type: 'key-frame-wanted', streamIdx: idx })
    }
  }

  #run(task: () => void | Promise<void>): void {
    const guarded = async (): Promise<void> => {
      if (this.#closed) return
      await task()
      this.#list.show(this.#room.members.all(), this.sender.current?.gen ?? null)
    }
    this.#queue.run(guarded).catch((error: unknown) => this.#room.warn(codeOf(error), null))
  }
}

function isMemberId(value: string): value is MemberId {
  return /^[0-9a-f]{32}$/.test(value)
}
