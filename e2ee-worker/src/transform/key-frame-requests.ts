/**
 * Asks a remote encoder for a key frame when frames were lost to a missing key, at most once per second, until one opens.
 *
 * The request is made from the worker on the receiving side, because that way exists in every browser and needs no help of the TCS.
 */
import type { Transformer } from './encoded.ts'

const REQUEST_EVERY_MS = 1000

export class KeyFrameRequests {
  readonly #transformer: Transformer
  readonly #now: () => number
  #wanted = false
  #askedAt: number | null = null

  constructor(transformer: Transformer, now: () => number) {
    this.#transformer = transformer
    this.#now = now
  }

  /** Frames were lost: what follows cannot be shown before a key frame. */
  want(): void {
    this.#wanted = true
  }

  /** A key frame opened. */
  satisfied(): void {
    this.#wanted = false
  }

  /** Sends the request if one is wanted and the last was long enough ago. Call it when the key is there. */
  ask(): void {
    if (!this.#wanted) return
    const now = this.#now()
    if (this.#askedAt !== null && now - this.#askedAt < REQUEST_EVERY_MS) return
    this.#askedAt = now
    // Browsers refuse while the receiver is not running; the next frame asks again.
    this.#transformer.sendKeyFrameRequest?.().catch(() => undefined)
  }
}
