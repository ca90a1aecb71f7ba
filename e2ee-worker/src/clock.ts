/**
 * Time as a session sees it: a monotonic clock with timers, which tests replace, and TMMS time derived from it.
 */

import { E2eeError } from './errors.ts'

export type Cancel = () => void

/** Milliseconds of a clock that only rises; its zero point means nothing. */
export type MonotonicMs = number & { readonly __clock: 'monotonic' }
/** Milliseconds since the epoch, as the TMMS counts them. */
export type TmmsMs = number & { readonly __clock: 'tmms' }

export interface Clock {
  now(): MonotonicMs
  setTimer(ms: number, run: () => void): Cancel
}

export const systemClock: Clock = {
  now: () => performance.now() as MonotonicMs,
  setTimer: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** When a token was issued, and when we got it. */
export interface TokenTime {
  /** Seconds since the epoch. */
  readonly iatS: number
  readonly receivedAt: MonotonicMs
}

/**
 * TMMS time: the issue time of our own newest token plus what has passed since it was received. The computer's own clock,
 * which may be set to anything, decides nothing.
 */
export class TmmsTime {
  readonly #clock: Clock
  #offsetMs: number

  constructor(clock: Clock, token: TokenTime) {
    this.#clock = clock
    this.#offsetMs = offsetOf(token)
  }

  now(): TmmsMs {
    return Math.floor(this.#clock.now() + this.#offsetMs) as TmmsMs
  }

  /** A fresh token proves that it is at least its issue time; this heals a clock that slept. */
  learn(token: TokenTime): void {
    this.#offsetMs = Math.max(this.#offsetMs, offsetOf(token))
  }
}

/**
 * When a token was received that the page has held for `ageMs` until now.
 * @throws E2eeError E_STATE for an age that no page can have measured
 */
export function receivedAt(clock: Clock, ageMs: number): MonotonicMs {
  if (!Number.isFinite(ageMs) || ageMs < 0) throw new E2eeError('E_STATE')
  return (clock.now() - ageMs) as MonotonicMs
}

function offsetOf({ iatS, receivedAt: at }: TokenTime): number {
  return iatS * 1000 - at
}

/** Lets something happen once per interval. */
export class Throttle {
  readonly #intervalMs: number
  #last = Number.NEGATIVE_INFINITY

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  pass(now: number): boolean {
    if (now - this.#last < this.#intervalMs) return false
    this.#last = now
    return true
  }
}

/** Lets something happen so many times at once, and once per interval from then on. */
export class Allowance {
  readonly #most: number
  readonly #intervalMs: number
  #left: number
  #at = 0

  constructor(most: number, intervalMs: number) {
    this.#most = most
    this.#intervalMs = intervalMs
    this.#left = most
  }

  pass(now: number): boolean {
    this.#left = Math.min(this.#most, this.#left + (now - this.#at) / this.#intervalMs)
    this.#at = now
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}

/** Lets something happen ever more rarely, from `firstMs` to `maxMs` apart, until `reset`. */
export class BackOff {
  readonly #firstMs: number
  readonly #maxMs: number
  #waitMs: number
  #last = Number.NEGATIVE_INFINITY

  constructor(firstMs: number, maxMs: number) {
    this.#firstMs = firstMs
    this.#maxMs = maxMs
    this.#waitMs = firstMs
  }

  pass(now: number): boolean {
    const first = this.#last === Number.NEGATIVE_INFINITY
    if (now - this.#last < this.#waitMs) return false
    if (!first) this.#waitMs = Math.min(this.#waitMs * 2, this.#maxMs)
    this.#last = now
    return true
  }

  /** The next may come `firstMs` after the last. */
  reset(): void {
    this.#waitMs = this.#firstMs
  }
}
