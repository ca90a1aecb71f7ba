/**
 * Decides from the fate of the frames whether a consumer's media can be decrypted: refused beyond 10 % over 5 s, it cannot.
 */
import type { E2eeCode } from '../protocol.ts'

export type MediaState = 'waiting' | 'decrypting' | 'cannot-decrypt'

const SLOT_MS = 500
/** Refusals must go on this long before anybody is told: a key that is one second late is no fault. */
const FAIL_AFTER_MS = 5000
/** And good frames only this long before the picture counts as back. */
const RECOVER_OVER_MS = 1000
const REFUSED_SHARE = 0.1

interface Slot {
  readonly at: number
  opened: number
  refused: number
}

export class MediaHealth {
  readonly #now: () => number
  readonly #changed: (state: MediaState, code: E2eeCode | null) => void
  #slots: Slot[] = []
  /** Since when frames have been coming without a pause of `FAIL_AFTER_MS`. */
  #since = 0
  #state: MediaState = 'waiting'

  constructor(now: () => number, changed: (state: MediaState, code: E2eeCode | null) => void) {
    this.#now = now
    this.#changed = changed
  }

  get state(): MediaState {
    return this.#state
  }

  opened(): void {
    this.#slot().opened++
    if (this.#state === 'waiting') this.#become('decrypting', null)
    else if (this.#state === 'cannot-decrypt' && !this.#failing(RECOVER_OVER_MS)) {
      // The refusals of before are settled; they must not count a second time.
      this.#slots = []
      this.#become('decrypting', null)
    }
  }

  refused(code: E2eeCode): void {
    this.#slot().refused++
    if (this.#state === 'cannot-decrypt') return
    const watchedMs = this.#now() - this.#since
    if (watchedMs >= FAIL_AFTER_MS && this.#failing(FAIL_AFTER_MS))
      this.#become('cannot-decrypt', code)
  }

  #slot(): Slot {
    const now = this.#now()
    const last = this.#slots.at(-1)
    if (last && now - last.at < SLOT_MS) return last
    if (!last || now - last.at > FAIL_AFTER_MS) this.#since = now
    const slot = { at: now, opened: 0, refused: 0 }
    this.#slots.push(slot)
    while ((this.#slots[0]?.at ?? now) < now - FAIL_AFTER_MS) this.#slots.shift()
    return slot
  }

  #failing(overMs: number): boolean {
    const from = this.#now() - overMs
    let opened = 0
    let refused = 0
    for (const slot of this.#slots) {
      if (slot.at < from) continue
      opened += slot.opened
      refused += slot.refused
    }
    return refused > REFUSED_SHARE * (opened + refused)
  }

  #become(state: MediaState, code: E2eeCode | null): void {
    this.#state = state
    this.#changed(state, code)
  }
}
