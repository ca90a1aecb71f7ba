/** Lengths of time in the words that people use. */
import type { Language } from '@huisclos/tmms/contract/accounts'

const HOUR = 60
const DAY = 24 * HOUR
const TAGS: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' }

/** "45 minutes", "1 hour 30 minutes", "24 hours", "7 days": days from two whole ones on. */
export function wordMinutes(minutes: number, language: Language): string {
  const write = (unit: 'day' | 'hour' | 'minute', count: number): string =>
    new Intl.NumberFormat(TAGS[language], { style: 'unit', unit, unitDisplay: 'long' }).format(
      count,
    )
  if (minutes > DAY && minutes % DAY === 0) return write('day', minutes / DAY)
  const hours = Math.floor(minutes / HOUR)
  const rest = minutes % HOUR
  if (hours === 0) return write('minute', rest)
  return rest === 0 ? write('hour', hours) : `${write('hour', hours)} ${write('minute', rest)}`
}
