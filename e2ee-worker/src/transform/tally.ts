/**
 * Counts what one transform did with its frames and says each kind of refusal at most once per second.
 */
import type { TransformStats } from '../calls.ts'
import type { E2eeCode } from '../protocol.ts'

const NOTE_EVERY_MS = 1000

export class Tally {
  readonly #now: () => number
  readonly #note: (code: E2eeCode) => void
  readonly #refused: Partial<Record<E2eeCode, number>> = {}
  readonly #notedAt = new Map<E2eeCode, number>()
  #passed = 0
  #ignored = 0

  constructor(now: () => number, note: (code: E2eeCode) => void) {
    this.#now = now
    this.#note = note
  }

  pass(): void {
    this.#passed++
  }

  /** A frame dropped quietly, because networks produce such frames by themselves. */
  ignore(): void {
    this.#ignored++
  }

  refuse(code: E2eeCode): void {
    this.#refused[code] = (this.#refused[code] ?? 0) + 1
    const now = this.#now()
    const last = this.#notedAt.get(code)
    if (last !== undefined && now - last < NOTE_EVERY_MS) return
    this.#notedAt.set(code, now)
    this.#note(code)
  }

  stats(dir: TransformStats['dir'], id: string): TransformStats {
    const refused = { ...this.#refused }
    return { dir, id, passed: this.#passed, ignored: this.#ignored, refused }
  }
}
