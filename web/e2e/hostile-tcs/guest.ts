/** Somebody in a meeting without a browser: the real end-to-end session of the worker, run here, and no media. */
import { io, type Socket } from 'socket.io-client'
import type { WorkerEvent } from '../../../e2ee-worker/src/events.ts'
import type { MemberId } from '../../../e2ee-worker/src/protocol.ts'
import { codeOf } from '../../../e2ee-worker/src/errors.ts'
import { identityOf, proveDevice, type Identity } from '../../../e2ee-worker/src/trust/identity.ts'
import { DATA } from '../../../e2ee-worker/src/keys/frame-metadata.ts'
import { signBroadcast } from '../../../e2ee-worker/src/messages/broadcast.ts'
import { encodeChat } from '../../../e2ee-worker/src/messages/chat-text.ts'
import { encodeStatement } from '../../../e2ee-worker/src/messages/statements.ts'
import { chooseKem } from '../../../e2ee-worker/src/keys/kem.ts'
import { memoryStore } from '../../../e2ee-worker/src/trust/store.ts'
import { systemClock } from '../../../e2ee-worker/src/clock.ts'
import type { Session } from '../../../e2ee-worker/src/session/session.ts'
import { startSession } from '../../../e2ee-worker/src/session/start.ts'
import type { Admission, Answer, Challenge, Events, EventType } from '@huisclos/sfu/protocol'
import type { Requests, RequestType } from '@huisclos/sfu/protocol'
import type { HuisclosServer, Person } from '../server.ts'

interface Entrance {
  readonly server: HuisclosServer
  readonly person: Person
  readonly link: string
}

export class Guest {
  readonly events: WorkerEvent[] = []
  readonly #entrance: Entrance
  readonly #identity: Identity
  #session: Session | null = null
  #msid = ''
  #socket: Socket | null = null

  private constructor(entrance: Entrance, identity: Identity) {
    this.#entrance = entrance
    this.#identity = identity
  }

  /** Joins with a device nobody has seen, in the room and greeting by the time this resolves. */
  static async join(server: HuisclosServer, person: Person, link: string): Promise<Guest> {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
    const guest = new Guest({ server, person, link }, await identityOf(pair))
    await guest.#start()
    await guest.#connect()
    return guest
  }

  get session(): Session {
    if (this.#session === null) throw new Error('The guest has left')
    return this.#session
  }

  get name(): string {
    return this.#entrance.person.name
  }

  get memberId(): MemberId {
    return this.session.memberId
  }

  /** Member ids of those this guest has verified. */
  get knows(): readonly string[] {
    const last = this.events.findLast((event) => event.type === 'members')
    return last?.members.map(({ memberId }) => memberId) ?? []
  }

  /** Member id of somebody by name, once this guest holds their key. */
  async idOf(name: string): Promise<MemberId> {
    for (;;) {
      const last = this.events.findLast((event) => event.type === 'members')
      const found = last?.members.find((member) => member.name === name)
      if (found !== undefined && this.session.keysOf(found.memberId)?.newest() != null)
        return found.memberId
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  get warnings(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'warning' ? [event.code] : []))
  }

  /** Ids of those whose key this guest holds: who gave it to a device that should not have it shows here. */
  get keysHeld(): readonly string[] {
    return this.knows.filter((memberId) => this.session.keysOf(memberId)?.newest() != null)
  }

  async ask<T extends RequestType>(
    type: T,
    request: Requests[T]['request'],
  ): Promise<Requests[T]['reply']> {
    const answer = (await this.#socket?.emitWithAck('request', type, request)) as Answer<
      Requests[T]['reply']
    >
    if (!answer.ok) throw new Error(`The TCS refused ${type}: ${answer.code}`)
    return answer.data
  }

  /** Makes and spreads the key of a voice that is never heard. */
  publish(): Promise<void> {
    return this.session.publish([{ idx: 0, kind: 'audio', codec: 'opus' }])
  }

  /** Writes although its token forbids it, as a changed page would: sealed and signed like any message. */
  async writeAnyway(text: string): Promise<void> {
    await this.publish()
    const said = encodeChat({ text, timeMs: Date.now() })
    const sealed = await this.session.sender.seal(DATA, new Uint8Array(0), said.buffer)
    const statement = encodeStatement({ type: 'chat', sealed })
    const message = { from: this.memberId, seq: 1_000_000, ...statement }
    this.#send('*', await signBroadcast(message, this.#msid, this.#identity))
  }

  /** Says goodbye to everybody and to the TCS. */
  async leave(): Promise<void> {
    await this.#session?.close()
    this.#session = null
    await this.ask('leave', {})
    this.#socket?.disconnect()
  }

  async #start(): Promise<void> {
    const { server, link } = this.#entrance
    const url = new URL(link)
    const mid = url.pathname.split('/').at(-1) ?? ''
    const [, pin = null, secret = '-'] = url.hash.slice(1).split('.')
    const response = await fetch(`${server.origin}/api/keys`)
    const { session } = await startSession(
      {
        ...{ tmmsOrigin: server.origin, mid, pin, token: await this.#token() },
        ...{ keySet: await response.text(), linkSecret: secret === '-' ? null : secret },
        tokenReceivedAt: systemClock.now(),
      },
      {
        ...{ clock: systemClock, identity: this.#identity, store: memoryStore() },
        ...{ kem: await chooseKem(), keysArrived: () => undefined, heldBack: () => undefined },
        ...{ authenticity: () => undefined },
        emit: (event) => this.#emit(event),
      },
    )
    this.#session = session
  }

  async #token(): Promise<string> {
    const { server, person, link } = this.#entrance
    const mid = new URL(link).pathname.split('/').at(-1) ?? ''
    const url = `${server.origin}/api/meetings/${mid}/join`
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', origin: server.origin },
        cookie: person.cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
        dpop: await proveDevice(this.#identity, { method: 'POST', url }),
      },
      body: '{}',
    })
    const { token, msid } = (await response.json()) as { token: string; msid: string }
    this.#msid = msid
    return token
  }

  async #connect(): Promise<void> {
    const { origin } = this.#entrance.server
    const socket = io(origin, {
      ...{ path: '/tcs', transports: ['websocket'], forceNew: true, reconnection: false },
      extraHeaders: { origin },
    })
    this.#socket = socket
    socket.on('event', (type: EventType, payload: unknown) => this.#hear(type, payload))
    const challenge = await new Promise<Challenge>((resolve, reject) => {
      socket.once('challenge', resolve)
      socket.once('connect_error', reject)
    })
    const { session } = this
    const bytes = Uint8Array.from(challenge.challenge)
    const proof = await session.server.prove({ ...challenge, challenge: bytes })
    const answer = (await socket.emitWithAck('authenticate', proof)) as Answer<Admission>
    if (!answer.ok) throw new Error(`The TCS refused ${this.name}: ${answer.code}`)
    const rtpCapabilities = answer.data.routerRtpCapabilities
    const { peers } = await this.ask('join', { rtpCapabilities })
    session.connections.roster(peers)
  }

  #hear(type: EventType, payload: unknown): void {
    const session = this.#session
    if (type === 'e2ee-message') {
      const { from, bytes } = payload as Events['e2ee-message']
      session?.receive(from, Uint8Array.from(bytes))
    }
    if (type === 'peer-joined')
      session?.connections.joined((payload as Events['peer-joined']).peerId)
    if (type === 'peer-left') {
      const { peerId, reason } = payload as Events['peer-left']
      session?.connections.departed(peerId, reason)
    }
  }

  #emit(event: WorkerEvent): void {
    this.events.push(event)
    if (event.type === 'send') this.#send(event.to, event.bytes)
    if (event.type === 'send-many')
      for (const { to, bytes } of event.messages) this.#send(to, bytes)
    if (event.type === 'need-token')
      // Refused or late, it is asked for again.
      this.#token()
        .then((token) => this.#session?.newToken({ token, tokenAgeMs: 0 }))
        .catch(codeOf)
  }

  #send(to: string, bytes: Uint8Array): void {
    // The socket keeps the order. Whoever has gone needs nothing.
    this.#socket?.emit('request', 'e2ee-message', { to, bytes }, () => undefined)
  }
}
