/** How long a link works, in words. */
import type { Language } from '../contract/accounts.ts'

/** Of mails that were made before they told it. */
export const WEEK_MS = 7 * 24 * 3_600_000
export const HALF_AN_HOUR_MS = 30 * 60_000

const UNITS = [
  ['day', 24 * 3_600_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** Such as "7 days", in the largest unit that is exact. */
export function writeLife(language: Language, lifeMs: number): string {
  const [unit, ms] = UNITS.find(([, ms]) => lifeMs % ms === 0) ?? UNITS[2]
  const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' })
  return format.format(Math.round(lifeMs / ms))
}
