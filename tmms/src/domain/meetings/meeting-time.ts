/** When meetings may be planned, are open, and are over. */
import { TmmsError } from '../../errors.ts'

const MINUTE_MS = 60_000
const PAST_TOLERANCE_MS = 5 * MINUTE_MS
const OPENS_BEFORE_MS = 15 * MINUTE_MS
/** Meetings run late; nobody is shut out while people still talk. */
const CLOSES_AFTER_MS = 120 * MINUTE_MS
const MIN_DURATION_MIN = 5
const MAX_DURATION_MIN = 1440
const MAX_AHEAD_MS = 5 * 366 * 24 * 60 * MINUTE_MS
const ISO_TIME = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/

export interface Planned {
  readonly startsAt: number
  readonly durationMin: number
  readonly cancelledAt: number | null
}

export type MeetingState = 'planned' | 'open' | 'ended' | 'cancelled'

/** @throws {TmmsError} `invalid-date` or `date-in-past`. */
export function parseStart(text: string, nowMs: number): number {
  const startsAt = ISO_TIME.test(text) && dayExists(text) ? Date.parse(text) : NaN
  if (Number.isNaN(startsAt) || startsAt > nowMs + MAX_AHEAD_MS) {
    throw new TmmsError('invalid-date', 'The start must be an ISO 8601 time within five years.', {
      field: 'startsAt',
    })
  }
  if (startsAt >= nowMs - PAST_TOLERANCE_MS) return startsAt
  throw new TmmsError('date-in-past', 'The start is in the past.', { field: 'startsAt' })
}

/** @throws {TmmsError} `invalid-duration`. */
export function checkDuration(durationMin: number): number {
  const whole = Number.isInteger(durationMin)
  if (whole && durationMin >= MIN_DURATION_MIN && durationMin <= MAX_DURATION_MIN) {
    return durationMin
  }
  throw new TmmsError(
    'invalid-duration',
    `A meeting lasts ${MIN_DURATION_MIN} to ${MAX_DURATION_MIN} whole minutes.`,
    { field: 'durationMin' },
  )
}

export function stateOf(meeting: Planned, nowMs: number): MeetingState {
  if (meeting.cancelledAt !== null) return 'cancelled'
  if (nowMs >= closesAt(meeting)) return 'ended'
  return nowMs >= opensAt(meeting) ? 'open' : 'planned'
}

/** From when the invited may enter; the organiser may at any time. */
export function opensAt({ startsAt }: Planned): number {
  return startsAt - OPENS_BEFORE_MS
}

/** The planned end. */
export function endsAt({
  startsAt,
  durationMin,
}: Pick<Planned, 'startsAt' | 'durationMin'>): number {
  return startsAt + durationMin * MINUTE_MS
}

function closesAt(meeting: Planned): number {
  return endsAt(meeting) + CLOSES_AFTER_MS
}

// Date.parse takes 30 February for 2 March.
function dayExists(text: string): boolean {
  const [, year, month, day] = ISO_TIME.exec(text) ?? []
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
}
