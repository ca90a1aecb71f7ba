/** How budgets give back what was taken (docs/accounts.md, "Guessing"). */
import type { CeilingSize } from './ceilings.ts'
import type { Rule } from './stored-limiter.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** So many at once, of which so many come back each second. */
export function bucket({ capacity, perSecond }: CeilingSize): Rule {
  const intervalMs = Math.round(1000 / perSecond)
  const size = { capacity, intervalMs }
  return {
    points: capacity,
    durationS: (capacity * intervalMs) / 1000,
    take: ({ limits }, place, nowMs) => limits.takeOf(size, place, nowMs),
    giveBack: ({ limits }, place) => limits.giveBackTo(size, place),
  }
}

/**
 * Five are free, each further one costs 1, 2, 4, 8, then 15 minutes; never a hard lock. Whoever guesses four an hour has no
 * more of it than who guesses one in 15 minutes, so that these few need not be remembered longer.
 */
export function growingDelays(): Rule {
  const delays = {
    free: 5,
    delaysMs: [1, 2, 4, 8, 15].map((minutes) => minutes * MINUTE_MS),
    forgetMs: { free: HOUR_MS, delayed: 24 * HOUR_MS },
  }
  return {
    points: delays.free,
    durationS: delays.forgetMs.delayed / 1000,
    take: ({ limits }, place, nowMs) => limits.takeDelayed(delays, place, nowMs),
    giveBack: ({ limits }, place) => limits.forget(place),
  }
}
