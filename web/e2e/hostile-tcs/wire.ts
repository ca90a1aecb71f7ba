/**
 * Stands between the honest TCS and its sockets, and lets lies change what is said in either direction.
 *
 * The product has no hook for this: socket.io's own `Socket` is wrapped, in this process only.
 */
import { Socket } from 'socket.io'
import type { Admission, Answer, Authenticate } from '@huisclos/sfu/protocol'
import type { Events, EventType, Requests, RequestType } from '@huisclos/sfu/protocol'
import type { Parties, Party } from './parties.ts'

/** One event on its way to one client. */
export type Told = {
  readonly [T in EventType]: {
    readonly to: Party
    readonly type: T
    readonly payload: Events[T]
  }
}[EventType]

/** One request of one client. */
export type Asked = {
  readonly [T in RequestType]: {
    readonly by: Party
    readonly type: T
    readonly request: Requests[T]['request']
  }
}[RequestType]

/** Each member is given what an honest TCS says, and returns what is said in its place. */
export interface Lie {
  /** Nothing, the event itself, or others. */
  readonly told?: (told: Told) => readonly Told[]
  /** The answer, when the honest TCS is not to hear of the request. */
  readonly asked?: (asked: Asked) => Promise<unknown> | undefined
  readonly answered?: (asked: Asked, reply: unknown) => unknown
  readonly admitted?: (admission: Admission, to: Party) => Admission
  /** What `GET /api/keys` answers. */
  readonly keySet?: (truth: string) => string
}

type Listener = (...message: unknown[]) => void

type Method = (this: Socket, ...message: unknown[]) => unknown

/** socket.io's own methods, as they are before and after `tap`. */
const prototype = Socket.prototype as unknown as Record<'emit' | 'on' | 'once', Method>

export class Wire {
  readonly parties: Parties
  readonly lies = new Set<Lie>()
  readonly #emit = prototype.emit

  constructor(parties: Parties) {
    this.parties = parties
  }

  /** To be called before the TCS starts. */
  tap(): void {
    const intercept = this.#intercept.bind(this)
    const wrapped = this.#wrapped.bind(this)
    const { on, once } = prototype
    prototype.emit = function (...message) {
      return intercept(this, message)
    }
    prototype.on = function (event, listener) {
      return on.call(this, event, wrapped(this, event, listener as Listener))
    }
    prototype.once = function (event, listener) {
      return once.call(this, event, wrapped(this, event, listener as Listener))
    }
  }

  /** Says something of our own, past all other lies. */
  tell({ to, type, payload }: Told): void {
    this.#emit.call(to.socket, 'event', type, payload)
  }

  #intercept(socket: Socket, message: readonly unknown[]): unknown {
    const to = this.parties.of(socket)
    if (message[0] !== 'event' || to === undefined) return this.#emit.call(socket, ...message)
    const told = { to, type: message[1], payload: message[2] } as Told
    this.#learn(told)
    for (const one of this.#changed(told)) this.tell(one)
    return true
  }

  #changed(told: Told): readonly Told[] {
    let all: readonly Told[] = [told]
    for (const { told: change } of this.lies) if (change) all = all.flatMap(change)
    return all
  }

  #learn({ to, type, payload }: Told): void {
    const { producers, record } = this.parties
    if (type === 'producer-added') producers.set(payload.producerId, payload)
    if (type === 'producer-closed') producers.delete(payload.producerId)
    if (type !== 'e2ee-message') return
    record.push({
      ...{ mid: to.mid, from: payload.from, to: to.peerId },
      bytes: Buffer.from(payload.bytes),
    })
  }

  #wrapped(socket: Socket, event: unknown, listener: Listener): Listener {
    if (event === 'authenticate') {
      return (proof, answer) =>
        listener(proof, (reply: Answer<Admission>) => {
          ;(answer as Listener)(this.#admitted(socket, proof as Authenticate, reply))
        })
    }
    if (event !== 'request') return listener
    return (type, request, answer) => {
      const by = this.parties.of(socket)
      const asked = { by, type, request } as Asked
      const ours = by && this.#answer(asked)
      if (ours === undefined) {
        listener(type, request, (reply: Answer<unknown>) => {
          ;(answer as Listener)(
            reply.ok ? { ok: true, data: this.#answered(asked, reply.data) } : reply,
          )
        })
        return
      }
      ours.then(
        (data) => (answer as Listener)({ ok: true, data }),
        (error: unknown) => {
          process.stderr.write(`A lie failed: ${String(error)}\n`)
          ;(answer as Listener)({ ok: false, code: 'internal' })
        },
      )
    }
  }

  #admitted(socket: Socket, proof: Authenticate, reply: Answer<Admission>): Answer<Admission> {
    if (!reply.ok) return reply
    const to = this.parties.add(socket, reply.data.peerId, proof.token)
    let admission = reply.data
    for (const { admitted } of this.lies) if (admitted) admission = admitted(admission, to)
    return { ok: true, data: admission }
  }

  #answer(asked: Asked): Promise<unknown> | undefined {
    asked.by.asked.push(asked.type)
    if (asked.type === 'join') asked.by.rtpCapabilities = asked.request.rtpCapabilities
    for (const { asked: answer } of this.lies) {
      const reply = answer?.(asked)
      if (reply !== undefined) return reply
    }
    return undefined
  }

  #answered(asked: Asked, reply: unknown): unknown {
    const { by, type, request } = asked
    if (type === 'join') {
      const { producers } = reply as Requests['join']['reply']
      for (const producer of producers) this.parties.producers.set(producer.producerId, producer)
    }
    if (type === 'create-transport') {
      const { transportId } = reply as Requests['create-transport']['reply']
      by.transports.push({ id: transportId, direction: request.direction })
    }
    let said = reply
    for (const { answered } of this.lies) if (answered) said = answered(asked, said)
    return said
  }
}
