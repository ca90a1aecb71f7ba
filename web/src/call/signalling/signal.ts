/** One connection to the TCS: challenge, proofs of both sides, then typed requests and events until it is cut. */
import { io } from 'socket.io-client'
import type { Calls } from '@huisclos/e2ee-worker/calls'
import type { Admission, Answer, Authenticate, Challenge, TcsCode } from '@huisclos/sfu/protocol'
import type { Events, EventType, Requests, RequestType } from '@huisclos/sfu/protocol'
import { SOCKET_PATH } from '@huisclos/sfu/protocol'
import { CallError } from '../outcome/errors.ts'

export type SignalState = 'connecting' | 'authenticating' | 'checking' | 'open' | 'closed'

/** What this file needs of a socket.io socket. */
export interface SocketLike {
  on(event: string, listener: (...args: never[]) => void): unknown
  emit(event: string, ...args: unknown[]): unknown
  disconnect(): unknown
}

export type Ask = <T extends RequestType>(
  type: T,
  request: Requests[T]['request'],
) => Promise<Requests[T]['reply']>

/** One member per event type of the TCS. */
export type EventHandlers = { readonly [T in EventType]: (payload: Events[T]) => void }

export interface SignalOptions {
  readonly origin: string
  /** Signs the challenge with the device key; the token goes along. */
  readonly prove: (challenge: Challenge) => Promise<Authenticate>
  /** Rejects, with E_TCS, unless the TCS is the one that the TMMS certifies. */
  readonly check: (identity: Calls['check-tcs']['request']) => Promise<unknown>
  readonly handlers: EventHandlers
  /** The connection ended after it had been open, with the TCS's last word if it said one. */
  readonly onCut: (code: TcsCode | 'disconnected') => void
  readonly connect?: (origin: string) => SocketLike
}

const OPEN_TIMEOUT_MS = 15_000
const REQUEST_TIMEOUT_MS = 10_000
/** What the TCS answers without doing anything first: asked when the path looks dead, so that it shows quickly. */
const PROMPT_TIMEOUT_MS = 4_000

export class Signal {
  readonly #options: SignalOptions
  readonly #socket: SocketLike
  readonly #waiting = new Set<(error: CallError) => void>()
  #state: SignalState = 'connecting'
  #lastWord: TcsCode | null = null
  #opened: ((admission: Admission) => void) | null = null
  #refused: ((error: CallError) => void) | null = null

  /**
   * Connects, proves who we are and has the TCS prove who it is.
   * @throws CallError with the TCS's refusal, E_TCS, `timeout` or `disconnected`.
   */
  static async open(options: SignalOptions): Promise<{ signal: Signal; admission: Admission }> {
    const signal = new Signal(options)
    const timer = setTimeout(() => signal.#end('timeout'), OPEN_TIMEOUT_MS)
    try {
      const admission = await new Promise<Admission>((resolve, reject) => {
        signal.#opened = resolve
        signal.#refused = reject
      })
      return { signal, admission }
    } finally {
      clearTimeout(timer)
    }
  }

  private constructor(options: SignalOptions) {
    this.#options = options
    this.#socket = (options.connect ?? connectSocket)(options.origin)
    this.#socket.on('challenge', (challenge: Challenge) => void this.#answer(challenge))
    this.#socket.on('event', (type: EventType, payload: Events[EventType]) => {
      this.#receive(type, payload)
    })
    this.#socket.on('disconnect', () => this.#end('disconnected'))
    this.#socket.on('connect_error', () => this.#end('disconnected'))
  }

  get state(): SignalState {
    return this.#state
  }

  /** @throws CallError with the refusal, `timeout`, or `disconnected` when the connection ends meanwhile. */
  readonly ask: Ask = (type, request) =>
    new Promise((resolve, reject) => {
      if (this.#state !== 'open') {
        reject(new CallError('disconnected'))
        return
      }
      const timeoutMs = type === 'relay-credentials' ? PROMPT_TIMEOUT_MS : REQUEST_TIMEOUT_MS
      const settle = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(fail)
      }
      const fail = (error: CallError): void => {
        settle()
        reject(error)
      }
      const timer = setTimeout(() => {
        fail(new CallError('timeout'))
        // A path on which nothing is answered is dead; the browser would notice after most of a minute.
        this.#end('disconnected')
      }, timeoutMs)
      this.#waiting.add(fail)
      this.#socket.emit('request', type, request, (answer: Answer<never>) => {
        settle()
        if (answer.ok) resolve(answer.data)
        else reject(new CallError(answer.code))
      })
    })

  /** Ends the connection on purpose: `onCut` is not called. Idempotent. */
  close(): void {
    this.#refused?.(new CallError('disconnected'))
    this.#finish('disconnected')
  }

  async #answer(challenge: Challenge): Promise<void> {
    // A second challenge would let the TCS collect signatures; one connection answers one.
    if (this.#state !== 'connecting') return
    this.#state = 'authenticating'
    const { origin, prove } = this.#options
    try {
      // What is signed names the TCS that was called, so that nobody can pass another's challenge on.
      if (challenge.tcsOrigin !== origin) throw new CallError('E_TCS')
      const proof = await prove({ challenge: bytesOf(challenge.challenge), tcsOrigin: origin })
      this.#socket.emit(
        'authenticate',
        proof,
        (answer: Answer<Admission>) => void this.#admit(answer),
      )
    } catch (error) {
      this.#refuse(error)
    }
  }

  /** Nothing is asked of a TCS, and nothing heard from it, before it has proved itself. */
  async #admit(answer: Answer<Admission>): Promise<void> {
    if (this.#state !== 'authenticating') return
    if (!answer.ok) {
      this.#end(answer.code)
      return
    }
    this.#state = 'checking'
    try {
      await this.#options.check(identityOf(answer.data, this.#options.origin))
      if (!this.#is('checking')) return
      this.#state = 'open'
      this.#opened?.(answer.data)
    } catch (error) {
      this.#refuse(error)
    }
  }

  #is(state: SignalState): boolean {
    return this.#state === state
  }

  #refuse(error: unknown): void {
    this.#refused?.(error as CallError)
    this.#finish('disconnected')
  }

  #receive<T extends EventType>(type: T, payload: Events[T]): void {
    if (this.#state !== 'open' || !Object.hasOwn(this.#options.handlers, type)) return
    if (type === 'goodbye') this.#lastWord = (payload as Events['goodbye']).code
    const handler = this.#options.handlers[type] as (payload: Events[T]) => void
    if (type !== 'e2ee-message') {
      handler(payload)
      return
    }
    const { from, bytes } = payload as Events['e2ee-message']
    this.#options.handlers['e2ee-message']({ from, bytes: bytesOf(bytes) })
  }

  #end(code: TcsCode | 'disconnected' | 'timeout'): void {
    const wasOpen = this.#state === 'open'
    if (this.#state === 'closed') return
    const reason = this.#lastWord ?? code
    this.#refused?.(new CallError(reason))
    this.#finish(reason)
    if (wasOpen) this.#options.onCut(reason === 'timeout' ? 'disconnected' : reason)
  }

  #finish(code: TcsCode | 'disconnected' | 'timeout'): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#socket.disconnect()
    for (const fail of [...this.#waiting]) fail(new CallError(code))
  }
}

function connectSocket(origin: string): SocketLike {
  return io(origin, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    // Each connection needs a fresh token, so coming back is the call's business, not socket.io's.
    reconnection: false,
    forceNew: true,
  })
}

/** @throws CallError E_TCS when there is no proof at all. */
function identityOf({ identity }: Partial<Admission>, tcsOrigin: string) {
  const { kid, signature } = identity ?? {}
  if (typeof kid !== 'string' || !isBytes(signature)) throw new CallError('E_TCS')
  return { tcsOrigin, kid, signature: bytesOf(signature) }
}

/** socket.io hands binary to a page as an ArrayBuffer and to Node as a Buffer. */
export function bytesOf(bytes: Uint8Array | ArrayBuffer): Uint8Array {
  return bytes instanceof ArrayBuffer
    ? new Uint8Array(bytes)
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function isBytes(value: unknown): value is Uint8Array | ArrayBuffer {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value)
}
