/**
 * Nonces for device proofs (RFC 9449 section 8): whoever has one needs no clock that is right. Nothing is stored: a
 * nonce is the keyed hash of the time at which it was given out.
 */
import { createHmac, randomBytes } from 'node:crypto'

const BYTES = 16
/** A nonce is good for one to two of these. */
export const NONCE_WINDOW_MS = 120_000

export class ProofNonces {
  readonly #now: () => number
  readonly #key = randomBytes(32)

  constructor(now: () => number) {
    this.#now = now
  }

  current(): string {
    return this.#of(this.#window())
  }

  isFresh(nonce: string): boolean {
    const window = this.#window()
    return nonce === this.#of(window) || nonce === this.#of(window - 1)
  }

  #window(): number {
    return Math.floor(this.#now() / NONCE_WINDOW_MS)
  }

  #of(window: number): string {
    const mac = createHmac('sha256', this.#key).update(String(window)).digest()
    return mac.subarray(0, BYTES).toString('base64url')
  }
}
