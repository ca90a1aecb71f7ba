/**
 * The page's half of the E2EE worker: owns the Worker, makes typed calls, attaches transforms.
 *
 * No key ever passes here; the only secret that goes in is the link secret, once, with `start`.
 */
import { E2eeError } from './errors.ts'
import type { Calls, CallType } from './calls.ts'
import type { WorkerEvent } from './events.ts'
import type { FromWorker, Notice, ToWorker, TransformOptions } from './protocol.ts'
import { startWorker } from './worker-url.ts'

export type EncryptOptions = Omit<Extract<TransformOptions, { dir: 'encrypt' }>, 'dir'>
export type DecryptOptions = Omit<Extract<TransformOptions, { dir: 'decrypt' }>, 'dir'>

interface PendingCall {
  readonly resolve: (reply: unknown) => void
  readonly reject: (error: E2eeError) => void
}

export class E2eeClient {
  readonly #worker: Worker
  readonly #onEvent: (event: WorkerEvent) => void
  readonly #pending = new Map<number, PendingCall>()
  #nextId = 1
  #dead = false

  /**
   * @param onEvent - hears everything the worker says by itself. A worker that died says
   *   `warning` E_INTERNAL for nobody in particular; every call fails from then on, and no frame passes.
   */
  constructor(onEvent: (event: WorkerEvent) => void) {
    this.#onEvent = onEvent
    this.#worker = startWorker()
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data)
    this.#worker.onerror = () => this.#die()
    this.#worker.onmessageerror = () => this.#die()
  }

  /** False where frames cannot be encrypted in the browser: then no call may be started at all. */
  static supported(): boolean {
    return (
      globalThis.isSecureContext &&
      typeof RTCRtpScriptTransform === 'function' &&
      'transform' in RTCRtpSender.prototype &&
      'transform' in RTCRtpReceiver.prototype
    )
  }

  /** @throws E2eeError with the worker's code; E_INTERNAL when the worker is gone. */
  call<T extends CallType>(type: T, request: Calls[T]['request']): Promise<Calls[T]['reply']> {
    if (this.#dead) return Promise.reject(new E2eeError('E_INTERNAL'))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#pending.set(id, {
        resolve: (reply) => resolve(reply as Calls[T]['reply']),
        reject,
      })
      this.#post({ type: 'call', id, call: type, request })
    })
  }

  notice(notice: Notice): void {
    if (!this.#dead) this.#post(notice)
  }

  /** For `sender.transform`, set inside mediasoup-client's `onRtpSender`. */
  encryptTransform(options: EncryptOptions): RTCRtpScriptTransform {
    const all: TransformOptions = { ...options, dir: 'encrypt' }
    return new RTCRtpScriptTransform(this.#worker, all)
  }

  /** For `receiver.transform`, set inside mediasoup-client's `onRtpReceiver`. */
  decryptTransform(options: DecryptOptions): RTCRtpScriptTransform {
    const all: TransformOptions = { ...options, dir: 'decrypt' }
    return new RTCRtpScriptTransform(this.#worker, all)
  }

  /** Ends the worker and with it every key; frames stop in both directions. */
  terminate(): void {
    this.#worker.terminate()
    this.#dead = true
    this.#failAll()
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  #receive(message: FromWorker): void {
    if (message.type !== 'reply' && message.type !== 'failed') {
      this.#onEvent(message)
      return
    }
    const call = this.#pending.get(message.id)
    this.#pending.delete(message.id)
    if (message.type === 'reply') call?.resolve(message.reply)
    else call?.reject(new E2eeError(message.code))
  }

  #die(): void {
    if (this.#dead) return
    this.terminate()
    this.#onEvent({ type: 'warning', code: 'E_INTERNAL', memberId: null })
  }

  #failAll(): void {
    const calls = [...this.#pending.values()]
    this.#pending.clear()
    for (const call of calls) call.reject(new E2eeError('E_INTERNAL'))
  }
}
