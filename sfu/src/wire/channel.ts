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
) => Promise<Requests[T]['reply']>

export class Channel {
  readonly #socket: TcsSocket
  readonly #logger: Logger
  readonly #limits: Limits
  #unanswered = 0
  #unreadBytes = 0

  constructor(socket: TcsSocket, limits: Limits, logger: Logger) {
    this.#socket = socket
    this.#limits = limits
    this.#logger = logger
    socket.conn.on('drain', () => (this.#unreadBytes = 0))
  }

  serve(serve: Serve): void {
    // What arrives is anybody's guess, whatever the event map says.
    this.#socket.on('request', (...message: unknown[]) => void this.#onRequest(message, serve))
  }

  /** `size` is the payload's own weight, for events that carry bytes. */
  send<T extends EventType>(type: T, payload: Events[T], size = 0): void {
    if (!this.#socket.connected) return
    this.#unreadBytes += size + 256
    if (this.#unreadBytes > this.#limits.unreadBytes) this.close('too-slow')
    else this.#socket.emit('event', type, payload)
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

  async #onRequest(message: readonly unknown[], serve: Serve): Promise<void> {
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
    const reply = await this.#reply(message[0], message[1], serve)
    this.#unanswered -= 1
    answer(reply)
  }

  async #reply(type: unknown, request: unknown, serve: Serve): Promise<object> {
    try {
      if (!isRequestType(type)) throw new TcsError('bad-request', 'unknown request')
      const parsed = SCHEMAS[type].safeParse(request)
      if (!parsed.success) throw new TcsError('bad-request', `malformed ${type}`)
      return { ok: true, data: await serve(type, parsed.data as Requests[typeof type]['request']) }
    } catch (error) {
      const code = error instanceof TcsError ? error.code : 'internal'
      if (code === 'internal') this.#logger.error({ err: error, type }, 'request failed')
      else this.#logger.debug({ code, detail: String(error) }, 'request refused')
      return { ok: false, code }
    }
  }
}
