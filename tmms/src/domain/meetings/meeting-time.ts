/** When meetings may be planned, are open, and are over. */
import {
  AHEAD_MAX_DAYS,
  DURATION_MAX_MINUTES,
  DURATION_MIN_MINUTES,
  PAST_TOLERANCE_MINUTES,
} from '../../contract/limits.ts'
import { TmmsError } from '../../errors.ts'

const MINUTE_MS = 60_000
const OPENS_BEFORE_MS = 15 * MINUTE_MS
/** Meetings run late; nobody is shut out while people still talk. */
const CLOSES_AFTER_MS = 120 * MINUTE_MS
// Offsets such as +01:00 are no zones: they know no summer time.
const IANA_NAME = /^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/
const ISO_TIME = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/

export interface Planned {
  readonly startsAt: number
  readonly durationMin: number
  readonly cancelledAt: number | null
  /** This long after its start it is over for everybody; null when the administrator set no limit. */
  readonly maxDurationMin: number | null
  /** When an administrator ended it for everybody; null while nobody did. */
  readonly endedAt: number | null
}

export type MeetingState = 'planned' | 'open' | 'ended' | 'cancelled'

/** @throws {TmmsError} `invalid-date`, `date-too-far` or `date-in-past`. */
export function parseStart(text: string, nowMs: number): number {
  const startsAt = ISO_TIME.test(text) && dayExists(text) ? Date.parse(text) : NaN
  const field = 'startsAt'
  if (Number.isNaN(startsAt)) {
    throw new TmmsError('invalid-date', 'The start must be an ISO 8601 time.', { field })
  }
  if (startsAt > nowMs + AHEAD_MAX_DAYS * 24 * 60 * MINUTE_MS) {
    throw new TmmsError('date-too-far', 'The start must be within five years.', { field })
  }
  if (startsAt >= nowMs - PAST_TOLERANCE_MINUTES * MINUTE_MS) return startsAt
  throw new TmmsError('date-in-past', 'The start is in the past.', { field })
}

/**
 * @param fallback for meetings planned without one.
 * @throws {TmmsError} `bad-request` when there is no such time zone.
 */
export function checkZone(zone: string | undefined, fallback: string): string {
  if (zone === undefined) return fallback
  if (IANA_NAME.test(zone) && isKnownZone(zone)) return zone
  throw new TmmsError('bad-request', 'There is no such time zone.', { field: 'zone' })
}

/** @throws {TmmsError} `invalid-duration`. */
export function checkDuration(durationMin: number): number {
  const whole = Number.isInteger(durationMin)
  if (whole && durationMin >= DURATION_MIN_MINUTES && durationMin <= DURATION_MAX_MINUTES) {
    return durationMin
  }
  throw new TmmsError(
    'invalid-duration',
    `A meeting lasts ${DURATION_MIN_MINUTES} minutes to ${DURATION_MAX_MINUTES / 60} hours, in whole minutes.`,
    { field: 'durationMin' },
  )
}

export function stateOf(meeting: Planned, nowMs: number): MeetingState {
  if (meeting.cancelledAt !== null) return 'cancelled'
  if (nowMs >= Math.min(closesAt(meeting), mustEndAt(meeting))) return 'ended'
  return nowMs >= opensAt(meeting) ? 'open' : 'planned'
}

/** From when the invited may enter; the organiser may at any time. */
export function opensAt({ startsAt }: Pick<Planned, 'startsAt'>): number {
  return startsAt - OPENS_BEFORE_MS
}

/** The planned end. */
export function endsAt({
  startsAt,
  durationMin,
}: Pick<Planned, 'startsAt' | 'durationMin'>): number {
  return startsAt + durationMin * MINUTE_MS
}

/** Meetings whose planned end is later than this are not over. */
export function endsOfOpenAfter(nowMs: number): number {
  return nowMs - CLOSES_AFTER_MS
}

/** Meetings that start up to then are open, or over. */
export function startsOfOpenUntil(nowMs: number): number {
  return nowMs + OPENS_BEFORE_MS
}

/** By an administrator, or the maximum duration that one set: for everybody and whoever is in it. */
export function mustEndAt({
  startsAt,
  maxDurationMin,
  endedAt,
}: Pick<Planned, 'startsAt' | 'maxDurationMin' | 'endedAt'>): number {
  const longest = maxDurationMin === null ? Infinity : startsAt + maxDurationMin * MINUTE_MS
  return Math.min(longest, endedAt ?? Infinity)
}

function closesAt(meeting: Pick<Planned, 'startsAt' | 'durationMin'>): number {
  return endsAt(meeting) + CLOSES_AFTER_MS
}

function isKnownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

// Date.parse takes 30 February for 2 March.
function dayExists(text: string): boolean {
  const [, year, month, day] = ISO_TIME.exec(text) ?? []
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
}
