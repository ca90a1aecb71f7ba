/** Dates as people write them, in the zone of this device. */
import type { Language } from '@huisclos/tmms/contract/accounts'

// British English writes the day first and the clock in 24 hours, as French does.
const TAGS: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' }

/** "Tuesday 24 November 2026, 14:30", or null when it is no date. */
export function wordDate(iso: string, language: Language): string | null {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return null
  const day = new Intl.DateTimeFormat(TAGS[language], { dateStyle: 'full' }).format(date)
  const time = new Intl.DateTimeFormat(TAGS[language], { timeStyle: 'short' }).format(date)
  return `${day}, ${time}`
}

/** "24 November 2026". */
export function wordDay(date: Date, language: Language): string {
  return new Intl.DateTimeFormat(TAGS[language], { dateStyle: 'long' }).format(date)
}

/** "1 h 30 min". */
export function wordDuration(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  const parts = [hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : '']
  return parts.filter((part) => part !== '').join(' ')
}

/** What `<input type="date">` and `<input type="time">` hold for this moment. */
export function toInputs(moment: Date): { date: string; time: string } {
  const two = (value: number): string => String(value).padStart(2, '0')
  return {
    date: `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`,
    time: `${two(moment.getHours())}:${two(moment.getMinutes())}`,
  }
}

/** Null when either input is empty or no date. */
export function fromInputs(date: string, time: string): Date | null {
  if (date === '' || time === '') return null
  // Without a zone this is read as local time (ECMA-262 Date.parse).
  const moment = new Date(`${date}T${time}`)
  return Number.isNaN(moment.getTime()) ? null : moment
}

/** The next full half hour: what a meeting planned now most likely wants. */
export function nextHalfHour(now: Date): Date {
  const half = 30 * 60_000
  return new Date(Math.ceil((now.getTime() + 1) / half) * half)
}

export function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
