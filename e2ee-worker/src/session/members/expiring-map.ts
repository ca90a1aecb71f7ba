/**
 * What must not be forgotten as long as a HELLO can be played again: ephemeral keys that were shown, members who went.
 *
 * A full memory refuses what is new. Were the oldest forgotten instead, whoever can bring many HELLOs could choose when,
 * and have a pair key and its sequence numbers used a second time.
 */
import { E2eeError } from '../../errors.ts'

interface Kept<V> {
  readonly value: V
  /** TMMS time in milliseconds after which it may be forgotten. */
  readonly until: number
}

export class ExpiringMap<V> {
  readonly #max: number
  /** In the order in which it was kept, which is nearly the order of `until`. */
  readonly #kept = new Map<string, Kept<V>>()

  constructor(max: number) {
    this.#max = max
  }

  get(key: string): V | undefined {
    return this.#kept.get(key)?.value
  }

  has(key: string): boolean {
    return this.#kept.has(key)
  }

  /** How many of those that may not be forgotten yet are such. */
  count(isSuch: (value: V) => boolean, now: number): number {
    let count = 0
    for (const { value, until } of this.#kept.values()) if (until >= now && isSuch(value)) count++
    return count
  }

  /** So many more will fit. @throws E2eeError E_STATE when none of what is kept may be forgotten for them. */
  makeRoom(more: number, now: number): void {
    for (const [key, { until }] of this.#kept) {
      if (this.#kept.size + more <= this.#max || until >= now) break
      this.#kept.delete(key)
    }
    if (this.#kept.size + more > this.#max) throw new E2eeError('E_STATE')
  }

  keep(key: string, value: V, until: number): void {
    this.#kept.delete(key)
    this.#kept.set(key, { value, until })
  }

  clear(): void {
    this.#kept.clear()
  }
}
