/**
 * Lets rate-limiter-flexible count in our store. Its own stores take neither Kysely nor Node's SQLite, count what they refuse,
 * and measure by the machine's clock, which a step back would make a lock.
 */
import { createRequire } from 'node:module'
import limiters, { type RateLimiterStoreAbstract } from 'rate-limiter-flexible'
import type { Taken, Place } from '../../store/places.ts'
import type { Rows } from '../../store/store.ts'
import { hashToken } from '../secret.ts'
import { setNewest } from './bounded.ts'

// Has types there, but no value.
const StoreAbstract = createRequire(import.meta.url)(
  'rate-limiter-flexible/lib/RateLimiterStoreAbstract.js',
) as typeof RateLimiterStoreAbstract

/** A refusal is remembered this long at most: another process may have given back meanwhile. */
const REMEMBERED_MS = 1_000

export interface Rule {
  /** How many there are at most. */
  readonly points: number
  /** Until all of them are back. */
  readonly durationS: number
  take(rows: Rows, place: Place, nowMs: number): Promise<Taken>
  giveBack(rows: Rows, place: Place): Promise<void>
}

interface Refusal {
  readonly atMs: number
  readonly untilMs: number
}

/** Options of its methods: `{ rows }`, the transaction to count in. */
export class StoredLimiter extends StoreAbstract {
  readonly #rule: Rule
  readonly #now: () => number
  readonly #refused = new Map<string, Refusal>()

  constructor(name: string, rule: Rule, now: () => number) {
    const { points, durationS: duration } = rule
    super({ keyPrefix: name, points, duration, storeClient: null })
    this.#rule = rule
    this.#now = now
  }

  /** Asked first by `consume`: a flood costs the database one look a second for each key. */
  getInMemoryBlockMsBeforeExpire(key: string): number {
    const refusal = this.#refused.get(key)
    const nowMs = this.#now()
    if (refusal === undefined) return 0
    const { atMs, untilMs } = refusal
    if (nowMs >= atMs && nowMs < Math.min(untilMs, atMs + REMEMBERED_MS)) return untilMs - nowMs
    this.#refused.delete(key)
    return 0
  }

  async _upsert(
    key: string,
    points: number,
    ...[, , { rows }]: [durationMs: number, forced: boolean, options: { readonly rows: Rows }]
  ): Promise<Taken> {
    // Whoever guesses chooses the keys; their hashes are short, and tell nobody who was guessed.
    const place = { name: this.keyPrefix, key: hashToken(this.parseKey(key)) }
    if (points < 0) {
      await this.#rule.giveBack(rows, place)
      this.#refused.delete(key)
      return { taken: true, waitMs: 0 }
    }
    const nowMs = this.#now()
    const result = await this.#rule.take(rows, place, nowMs)
    const untilMs = nowMs + result.waitMs
    if (!result.taken) setNewest(this.#refused, key, { atMs: nowMs, untilMs })
    return result
  }

  _getRateLimiterRes(_key: string, _points: number, { taken, waitMs }: Taken) {
    return new limiters.RateLimiterRes(0, waitMs, taken ? 1 : this.points + 1)
  }
}
