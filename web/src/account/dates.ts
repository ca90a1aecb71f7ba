/** Dates as people write them, in the zone of this device or of a meeting. */
import type { Language } from '@huisclos/tmms/contract/accounts'
import type { Meeting } from '@huisclos/tmms/contract/meetings'

// British English writes the day first and the clock in 24 hours, as French does.
const TAGS: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' }
const DAY_MS = 24 * 3_600_000

/** "Tuesday 24 November 2026, 14:30", or null when it is no date. */
export function wordDate(iso: string, language: Language, zone = zoneName()): string | null {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return null
  const format = (style: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(TAGS[language], { ...style, timeZone: zone }).format(date)
  return `${format({ dateStyle: 'full' })}, ${format({ timeStyle: 'short' })}`
}

/** "24 Nov 2026, 14:30", as a list needs it. */
export function wordShortDate(iso: string, language: Language): string {
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const
  return new Intl.DateTimeFormat(TAGS[language], style).format(new Date(iso))
}

export interface When {
  /** In the zone in which the meeting was planned. */
  readonly planned: string
  readonly zone: string
  /** In the reader's own zone; null where the clocks show the same. */
  readonly here: { readonly date: string; readonly zone: string } | null
}

export function wordWhen(
  { startsAt, zone }: Pick<Meeting, 'startsAt' | 'zone'>,
  language: Language,
  reader = zoneName(),
): When {
  const planned = wordDate(startsAt, language, zone) ?? startsAt
  const here = wordDate(startsAt, language, reader) ?? startsAt
  return {
    planned,
    zone: wordZone(zone),
    here: planned === here ? null : { date: here, zone: wordZone(reader) },
  }
}

/** "Europe/Paris"; "America/New York". */
export function wordZone(zone: string): string {
  return zone.replaceAll('_', ' ')
}

/** "24 November 2026"; medium, as a column needs it: "24 Nov 2026". */
export function wordDay(
  date: Date,
  language: Language,
  dateStyle: 'long' | 'medium' = 'long',
): string {
  return new Intl.DateTimeFormat(TAGS[language], { dateStyle }).format(date)
}

/** "1 h 30 min". */
export function wordDuration(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  const parts = [hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : '']
  return parts.filter((part) => part !== '').join(' ')
}

/** What `<input type="date">` and `<input type="time">` hold for this moment. */
export function toInputs(moment: Date, zone = zoneName()): { date: string; time: string } {
  const [date = '', time = ''] = wallClock(moment, zone).split('T')
  return { date, time }
}

/**
 * The moments at which the clocks of a zone show this: none in the hour that is skipped in spring, two in the hour that
 * comes twice in autumn. Null when either input is empty or no date.
 */
export function momentsOf(date: string, time: string, zone = zoneName()): readonly Date[] | null {
  const asIfUtc = date === '' || time === '' ? NaN : Date.parse(`${date}T${time}Z`)
  if (Number.isNaN(asIfUtc)) return null
  const wanted = new Date(asIfUtc).toISOString().slice(0, -8)
  // The zone's offsets a day before and after are all that can hold here.
  const offsets = [asIfUtc - DAY_MS, asIfUtc + DAY_MS].map((ms) => offsetOf(ms, zone))
  const moments = [...new Set(offsets)].map((offset) => new Date(asIfUtc - offset))
  return moments
    .filter((moment) => wallClock(moment, zone) === wanted)
    .toSorted((a, b) => a.getTime() - b.getTime())
}

/** When this day of `<input type="date">` begins here; null when it is no day. */
export function dayBegins(date: string): Date | null {
  return momentsOf(date, '00:00')?.[0] ?? null
}

/** When the day after begins. */
export function nextDayBegins(date: string): Date | null {
  const next = new Date(Date.parse(`${date}T00:00Z`) + DAY_MS)
  return Number.isNaN(next.getTime()) ? null : dayBegins(next.toISOString().slice(0, 10))
}

/** "UTC+02:00": what tells two equal times of one day apart. */
export function wordOffset(moment: Date, zone = zoneName()): string {
  const minutes = offsetOf(moment.getTime(), zone) / 60_000
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const sign = minutes < 0 ? '−' : '+'
  return `UTC${sign}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`
}

/** The next full half hour: what a meeting planned now most likely wants. */
export function nextHalfHour(now: Date): Date {
  const half = 30 * 60_000
  return new Date(Math.ceil((now.getTime() + 1) / half) * half)
}

export function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** What browsers that resist fingerprinting give as their zone, wherever they are; in Iceland it is the true one. */
export function mayHideZone(zone = zoneName()): boolean {
  return /^(?:(?:Etc\/)?(?:UTC|GMT)|Atlantic\/Reykjavik)$/.test(zone)
}

function offsetOf(ms: number, zone: string): number {
  return Date.parse(`${wallClock(new Date(ms), zone)}Z`) - Math.floor(ms / 60_000) * 60_000
}

/** "2026-11-24T14:30", as the clocks of a zone show it. */
function wallClock(moment: Date, zone: string): string {
  // Swedish writes dates as ISO 8601 does.
  const written = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(moment)
  return written.replace(' ', 'T')
}
