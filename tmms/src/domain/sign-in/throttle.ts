/**
 * Slows down whoever guesses (docs/accounts.md, "Guessing"): delays after failures, and token buckets.
 * State is in memory: after a restart everybody starts afresh, which costs an attacker more than it gives.
 */
import { TmmsError } from '../../errors.ts'

const FREE_FAILURES = 5
const DELAYS_MIN = [1, 2, 4, 8, 15] as const
const FORGET_MS = 24 * 3_600_000
const MAX_ENTRIES = 100_000

interface Failures {
  count: number
  blockedUntilMs: number
  lastMs: number
}

/**
 * Failures per key: five are free, each further one costs 1, 2, 4, 8, then 15 minutes. Never a hard lock.
 *
 * A try counts as a failure from its start, until it turns out to be none: tries that run at once are all counted.
 */
export class FailureDelay {
  readonly #now: () => number
  readonly #failures = new Map<string, Failures>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** @throws {TmmsError} `too-many-tries` while the key must wait. */
  check(key: string): void {
    const waitMs = (this.#failures.get(key)?.blockedUntilMs ?? 0) - this.#now()
    if (waitMs > 0) throw tooManyTries(waitMs)
  }

  /** Counts one try as a failure. */
  take(key: string): void {
    const nowMs = this.#now()
    const known = this.#failures.get(key)
    const count = known === undefined || nowMs - known.lastMs > FORGET_MS ? 1 : known.count + 1
    const delay = DELAYS_MIN[Math.min(count - FREE_FAILURES, DELAYS_MIN.length - 1)] ?? 0
    this.#failures.delete(key)
    this.#failures.set(key, { count, lastMs: nowMs, blockedUntilMs: nowMs + delay * 60_000 })
    forgetOldest(this.#failures)
  }

  /** The try was no failure: the earlier ones are forgotten with it. */
  giveBack(key: string): void {
    this.#failures.delete(key)
  }
}

export interface BucketSize {
  /** Calls that may come at once. */
  readonly capacity: number
  /** Calls that come back each second. */
  readonly perSecond: number
}

/** A token bucket per key. */
export class Buckets {
  readonly #now: () => number
  readonly #size: BucketSize
  readonly #levels = new Map<string, { level: number; atMs: number }>()

  constructor(size: BucketSize, now: () => number) {
    this.#size = size
    this.#now = now
  }

  /** Takes one; false when the bucket is empty. */
  take(key: string): boolean {
    const level = this.#level(key)
    const taken = level >= 1
    this.#levels.delete(key)
    this.#levels.set(key, { level: taken ? level - 1 : level, atMs: this.#now() })
    forgetOldest(this.#levels)
    return taken
  }

  /** @throws {TmmsError} `too-many-tries` when the bucket is empty; takes nothing. */
  check(key: string): void {
    const level = this.#level(key)
    if (level < 1) throw tooManyTries(((1 - level) / this.#size.perSecond) * 1000)
  }

  /** @throws {TmmsError} `too-many-tries` when the bucket is empty. */
  charge(key: string): void {
    this.check(key)
    this.take(key)
  }

  /** Undoes one `take` or `charge`, for work that turned out to cost nothing. */
  giveBack(key: string): void {
    const level = Math.min(this.#size.capacity, this.#level(key) + 1)
    this.#levels.set(key, { level, atMs: this.#now() })
  }

  #level(key: string): number {
    const known = this.#levels.get(key)
    if (known === undefined) return this.#size.capacity
    const regained = ((this.#now() - known.atMs) / 1000) * this.#size.perSecond
    return Math.min(this.#size.capacity, known.level + Math.max(0, regained))
  }
}

/** Runs the work of one key one after another, so that parallel guesses cannot outrun the count of failures. */
export class Turns {
  readonly #tails = new Map<string, { last: Promise<unknown>; waiting: number }>()
  readonly #maxWaiting: number

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting
  }

  /** @throws {TmmsError} `too-many-tries` when too many wait already; and whatever the work throws. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = this.#tails.get(key) ?? { last: Promise.resolve(), waiting: 0 }
    if (queue.waiting >= this.#maxWaiting) throw tooManyTries(1000)
    this.#tails.set(key, queue)
    queue.waiting += 1
    const turn = queue.last.then(work)
    queue.last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      queue.waiting -= 1
      if (queue.waiting === 0) this.#tails.delete(key)
    }
  }
}

/** The key of a caller's network: an IPv4 address, or the /64 that an IPv6 customer owns whole. */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  const bare = address.replace(/%.*$/, '')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)
  if (mapped?.[1] !== undefined) return mapped[1]
  if (!bare.includes(':')) return bare
  const [head = '', tail] = bare.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array<string>(Math.max(0, zeros)).fill('0'), ...right]
  const prefix = groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''))
  return `${prefix.join(':')}::/64`
}

function tooManyTries(waitMs: number): TmmsError {
  return new TmmsError('too-many-tries', 'Too many tries; wait before the next one.', {
    retryAfterS: Math.max(1, Math.ceil(waitMs / 1000)),
  })
}

// A map keeps the order of insertion and every change inserts anew: the first key is the oldest.
function forgetOldest(map: Map<string, unknown>): void {
  if (map.size <= MAX_ENTRIES) return
  const oldest = map.keys().next()
  if (oldest.done !== true) map.delete(oldest.value)
}
