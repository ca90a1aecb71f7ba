/**
 * Remembers which counters of one key have been seen, RFC 9605 section 9.3: a window of 1024 below the highest.
 * @see https://www.rfc-editor.org/rfc/rfc9605#section-9.3
 */

/** How far below the highest counter a frame may still arrive. */
export const REPLAY_WINDOW = 1024

export class ReplayWindow {
  /** One bit per counter, at `ctr mod 1024`; only the bits of (highest - 1024, highest] mean anything. */
  readonly #seen = new Uint32Array(REPLAY_WINDOW / 32)
  #highest: number

  /** `highest` of a window that was given up: everything up to it counts as seen. */
  constructor(highest = -1) {
    this.#highest = highest
    if (highest >= 0) this.#seen.fill(0xffff_ffff)
  }

  /** The highest counter accepted, -1 before the first. */
  get highest(): number {
    return this.#highest
  }

  /** Whether this counter may still be accepted. Changes nothing: a forged frame must leave no trace. */
  isFresh(ctr: number): boolean {
    if (ctr > this.#highest) return true
    return ctr > this.#highest - REPLAY_WINDOW && !this.#has(ctr)
  }

  /** Marks the counter of a frame that opened; false when another frame with it opened in the meantime. */
  accept(ctr: number): boolean {
    if (!this.isFresh(ctr)) return false
    if (ctr > this.#highest) this.#slideTo(ctr)
    const { word, bit } = place(ctr)
    this.#seen[word] = (this.#seen[word] ?? 0) | bit
    return true
  }

  #has(ctr: number): boolean {
    const { word, bit } = place(ctr)
    return ((this.#seen[word] ?? 0) & bit) !== 0
  }

  #slideTo(ctr: number): void {
    if (ctr - this.#highest >= REPLAY_WINDOW) this.#seen.fill(0)
    else for (let skipped = this.#highest + 1; skipped <= ctr; skipped++) this.#clear(skipped)
    this.#highest = ctr
  }

  #clear(ctr: number): void {
    const { word, bit } = place(ctr)
    this.#seen[word] = (this.#seen[word] ?? 0) & ~bit
  }
}

function place(ctr: number): { word: number; bit: number } {
  // Counters go beyond 2^31, where bit operators on Numbers would turn negative: take the remainder first.
  const slot = ctr % REPLAY_WINDOW
  return { word: slot >>> 5, bit: 1 << (slot & 31) }
}
