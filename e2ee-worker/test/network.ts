/** Several sessions around a TCS that tests can make lie: it relays in order, or drops, changes and records. */
import { identityOf, type Identity } from '../src/trust/identity.ts'
import { chooseKem, nobleKem } from '../src/keys/kem.ts'
import { memoryStore, type Store } from '../src/trust/store.ts'
import type { Authenticity, E2eeCode, Member, StreamDescriptor } from '../src/protocol.ts'
import type { StartReply } from '../src/calls.ts'
import type { WorkerEvent } from '../src/events.ts'
import type { Session } from '../src/session/session.ts'
import { startSession, type SessionRequest } from '../src/session/start.ts'
import { FakeClock } from './clock.ts'
import { MID, ORIGIN, START_S, fakeTmms, type FakeTmms } from './tmms.ts'

export const AUDIO: StreamDescriptor = { idx: 0, kind: 'audio', codec: 'opus' }
export const VIDEO: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp8' }

export interface Relayed {
  readonly from: string
  readonly to: string
  readonly bytes: Uint8Array
}

export interface Node {
  readonly id: string
  readonly session: Session
  readonly reply: StartReply
  readonly identity: Identity
  /** What its browser remembers. */
  readonly store: Store
  readonly events: WorkerEvent[]
  connected: boolean
  /** Streams that members said to have sent and that did not come. */
  readonly late: Map<string, readonly number[]>
  /** What is said of streams, by `memberId streamIdx`. */
  readonly authenticity: Map<string, Authenticity>
  /** Answers `need-token` by itself, as a page does. */
  renews: boolean
  /** What the TMMS writes into every further token of this member. */
  claims: Record<string, unknown>
}

export class Network {
  readonly clock = new FakeClock()
  readonly nodes: Node[] = []
  /** Everything relayed, as a TCS that keeps all would hold it. */
  readonly record: Relayed[] = []
  /** What the TCS does to a message: the bytes it passes on, or null to drop it. */
  tamper: (message: Relayed) => Uint8Array | null = ({ bytes }) => bytes
  /** Which of the waiting messages the TCS passes on next. */
  pick: (waiting: number) => number = () => 0
  readonly tmms: FakeTmms
  /** The meeting's, as its tokens say. */
  readonly suite: number
  /** What else its tokens say of the meeting. */
  policy = { psk: false, vouch: false }
  readonly #outbox: Relayed[] = []
  #pages = 0

  constructor(tmms: FakeTmms, suite = 2) {
    this.tmms = tmms
    this.suite = suite
  }

  static async open(suite = 2): Promise<Network> {
    return new Network(await fakeTmms(), suite)
  }

  /** Somebody starts a session, and connects unless told otherwise. */
  async join(
    options: {
      readonly identity?: Identity
      readonly store?: Store
      readonly claims?: Record<string, unknown>
      readonly start?: Partial<SessionRequest>
      readonly silent?: boolean
    } = {},
  ): Promise<Node> {
    const identity = options.identity ?? (await newIdentity())
    const events: WorkerEvent[] = []
    const store = options.store ?? memoryStore()
    const { session, reply } = await startSession(
      {
        tmmsOrigin: ORIGIN,
        mid: MID,
        token: await this.token(identity, options.claims),
        tokenReceivedAt: this.clock.now(),
        keySet: this.tmms.keySet,
        pin: this.tmms.pin,
        linkSecret: null,
        ...options.start,
      },
      {
        clock: this.clock,
        identity,
        store,
        // As in a meeting of both browsers: one native, one in JavaScript, and so on.
        kem: this.nodes.length % 2 === 0 ? await chooseKem() : nobleKem,
        keysArrived: () => undefined,
        authenticity: (memberId, idx, state) => node.authenticity.set(`${memberId} ${idx}`, state),
        heldBack: (memberId, streamIdxs) => node.late.set(memberId, streamIdxs),
        emit: (event) => this.#heard(node, event),
      },
    )
    const node: Node = {
      ...{ id: session.memberId, session, reply, identity, store, events },
      ...{ connected: false, renews: true, late: new Map<string, readonly number[]>() },
      authenticity: new Map<string, Authenticity>(),
      claims: options.claims ?? {},
    }
    this.nodes.push(node)
    if (!options.silent) {
      this.connect(node)
      await this.settle()
    }
    return node
  }

  connect(node: Node): void {
    const others = this.nodes.filter((other) => other.connected && other !== node)
    node.connected = true
    node.session.connections.roster(others.map(({ id }) => id))
    for (const other of others) other.session.connections.joined(node.id)
  }

  disconnect(node: Node, reason: 'left' | 'lost'): void {
    node.connected = false
    node.session.connections.cut()
    for (const other of this.nodes) {
      if (other.connected && other !== node) other.session.connections.departed(node.id, reason)
    }
  }

  /** Publishes and waits until the key is in use. */
  async publish(node: Node, streams: readonly StreamDescriptor[] = [AUDIO, VIDEO]): Promise<void> {
    const done = node.session.publish(streams)
    await this.settle()
    await this.advance(2000)
    await done
  }

  advance(ms: number): Promise<void> {
    return this.clock.advance(ms, () => this.settle())
  }

  /** Lets everything under way come to rest. */
  async settle(): Promise<void> {
    while (this.#outbox.length > 0 || this.#pages > 0 || this.nodes.some(isBusy)) {
      const [message] = this.#outbox.splice(this.pick(this.#outbox.length), 1)
      if (message) this.#deliver(message)
      else await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Now, in the fake TMMS's time. */
  token(identity: Identity, claims: Record<string, unknown> = {}): Promise<string> {
    const iat = START_S + Math.floor(this.clock.now() / 1000)
    const e2ee = { suites: [this.suite], ...this.policy }
    return this.tmms.token(identity, { iat, nbf: iat, exp: iat + 900, e2ee, ...claims })
  }

  async renew(node: Node, claims?: Record<string, unknown>): Promise<void> {
    const token = await this.token(node.identity, { ...node.claims, ...claims })
    await node.session.newToken({ token, tokenAgeMs: 0 })
  }

  /** One message out of turn, under whatever name: the TCS can do that. */
  async give(to: Node, from: string, bytes: Uint8Array): Promise<void> {
    to.session.receive(from, bytes.slice())
    await this.settle()
  }

  send(from: string, to: string, bytes: Uint8Array): void {
    this.#outbox.push({ from, to, bytes })
  }

  #deliver(message: Relayed): void {
    for (const node of this.nodes) {
      const addressed = message.to === '*' || message.to === node.id
      if (!addressed || !node.connected || node.id === message.from) continue
      const one = { ...message, to: node.id }
      this.record.push(one)
      const bytes = this.tamper(one)
      if (bytes) node.session.receive(message.from, bytes.slice())
    }
  }

  #heard(node: Node, event: WorkerEvent): void {
    node.events.push(event)
    if (node.connected) for (const { to, bytes } of sentBy(event)) this.send(node.id, to, bytes)
    if (event.type === 'need-token' && node.renews) {
      this.#pages += 1
      void this.renew(node).finally(() => (this.#pages -= 1))
    }
  }
}

/** What an event gives the TCS to relay. */
function sentBy(event: WorkerEvent): readonly { to: string; bytes: Uint8Array }[] {
  if (event.type === 'send') return [event]
  return event.type === 'send-many' ? event.messages : []
}

export async function newIdentity(): Promise<Identity> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  return identityOf(await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']))
}

export function membersOf(node: Node): readonly Member[] {
  const last = node.events.findLast((event) => event.type === 'members')
  return last?.members ?? []
}

export function warningsOf(node: Node): readonly E2eeCode[] {
  return node.events.flatMap((event) => (event.type === 'warning' ? [event.code] : []))
}

function isBusy({ session }: Node): boolean {
  return session.busy > 0
}
