/** Requests, replies and events over one proven socket: schema first, one answer each, and no way to crash. */
import type { Logger } from 'pino'
import type { Socket } from 'socket.io'
import { TcsError } from '../errors.ts'
import { guarded } from '../guarded.ts'
import type { Limits } from '../limits.ts'
import type {
  ClientToServer,
  Events,
  EventType,
  Requests,
  RequestType,
  ServerToClient,
  TcsCode,
} from '../protocol.ts'
import { isRequestType, SCHEMAS } from './schemas.ts'

export type TcsSocket = Socket<ClientToServer, ServerToClient>

export function isAnswer(value: unknown): value is (reply: object) => void {
  return typeof value === 'function'
}

/** Runs one valid request. @throws {TcsError} with the code that the client is to read. */
export type Serve = <T extends RequestType>(
  type: T,
  request: Requests[T]['request'],
) => Requests[T]['reply'] | Promise<Requests[T]['reply']>

export class Channel {
  readonly #socket: TcsSocket
  readonly #logger: Logger
  readonly #limits: Limits
  #unanswered = 0

  constructor(socket: TcsSocket, limits: Limits, logger: Logger) {
    this.#socket = socket
    this.#limits = limits
    this.#logger = logger
  }

  serve(serve: Serve): void {
    // What arrives is anybody's guess, whatever the event map says.
    this.#socket.on('request', (...message: unknown[]) => this.#onRequest(message, serve))
  }

  send<T extends EventType>(type: T, payload: Events[T]): void {
    if (this.#socket.connected) this.#socket.emit('event', type, payload)
  }

  onClose(listener: () => void): void {
    this.#socket.once('disconnect', listener)
  }

  /** Idempotent. The code is the last word the client hears. */
  close(code?: TcsCode): void {
    if (!this.#socket.connected) return
    if (code !== undefined) this.#socket.emit('event', 'goodbye', { code })
    this.#socket.disconnect(true)
  }

  /** For the callbacks of timers that concern this connection. */
  guarded(action: () => void): () => void {
    return guarded(action, (error) => this.#logger.error({ err: error }, 'timer failed'))
  }

  #onRequest(message: readonly unknown[], serve: Serve): void {
    const answer = message.at(-1)
    if (message.length !== 3 || !isAnswer(answer)) {
      this.close('bad-request')
      return
    }
    if (this.#unanswered >= this.#limits.unansweredRequests) {
      this.close('too-many-messages')
      return
    }
    this.#unanswered += 1
    const reply = (body: object): void => {
      this.#unanswered -= 1
      answer(body)
    }
    const type = message[0]
    try {
      const data = this.#begin(type, message[1], serve)
      // A reply that is ready says what is true now, so it goes out before any later event.
      if (!(data instanceof Promise)) reply({ ok: true, data })
      else {
        data.then(
          (ready: object) => reply({ ok: true, data: ready }),
          (error: unknown) => reply(this.#failure(type, error)),
        )
      }
    } catch (error) {
      reply(this.#failure(type, error))
    }
  }

  #begin(type: unknown, request: unknown, serve: Serve): object | Promise<object> {
    if (!isRequestType(type)) throw new TcsError('bad-request', 'unknown request')
    const parsed = SCHEMAS[type].safeParse(request)
    if (!parsed.success) throw new TcsError('bad-request', `malformed ${type}`)
    return serve(type, parsed.data as Requests[typeof type]['request'])
  }

  #failure(type: unknown, error: unknown): object {
    const code = error instanceof TcsError ? error.code : 'internal'
    if (code === 'internal') this.#logger.error({ err: error, type }, 'request failed')
    else this.#logger.debug({ code, detail: String(error) }, 'request refused')
    return { ok: false, code }
  }
}
