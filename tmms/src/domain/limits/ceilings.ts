/**
 * Ceilings for load: how much one caller may ask for, whatever comes of it. They count in memory, each process by itself,
 * and a restart begins anew; what must not be guessed has budgets in the database.
 */
import { setNewest } from './bounded.ts'
import { tooManyTries } from './too-many-tries.ts'

export interface CeilingSize {
  /** Calls that may come at once. */
  readonly capacity: number
  /** Calls that come back each second. */
  readonly perSecond: number
}

/** A token bucket per key. */
export class Ceilings {
  readonly #now: () => number
  readonly #size: CeilingSize
  readonly #levels = new Map<string, { level: number; atMs: number }>()

  constructor(size: CeilingSize, now: () => number) {
    this.#size = size
    this.#now = now
  }

  /** Takes one; false when there is none. */
  take(key: string): boolean {
    const level = this.#level(key)
    const taken = level >= 1
    setNewest(this.#levels, key, { level: taken ? level - 1 : level, atMs: this.#now() })
    return taken
  }

  /** @throws {TmmsError} `too-many-tries` when there is none. */
  charge(key: string): void {
    if (this.take(key)) return
    throw tooManyTries(((1 - this.#level(key)) / this.#size.perSecond) * 1000)
  }

  // A clock that was set back gives nothing.
  #level(key: string): number {
    const known = this.#levels.get(key)
    if (known === undefined) return this.#size.capacity
    const regained = ((this.#now() - known.atMs) / 1000) * this.#size.perSecond
    return Math.min(this.#size.capacity, known.level + Math.max(0, regained))
  }
}
