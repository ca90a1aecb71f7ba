/** The state of meetings, as the database finds it. */
import { sql, type ExpressionBuilder } from 'kysely'
import { DURATION_MAX_MINUTES } from '../contract/limits.ts'
import {
  endsOfOpenAfter,
  startsOfOpenUntil,
  type MeetingState,
} from '../domain/meetings/meeting-time.ts'
import type { Tables } from './tables.ts'

/** As `stateOf` says it of one meeting. */
export function hasState(
  eb: ExpressionBuilder<Tables, 'meetings'>,
  state: MeetingState,
  nowMs: number,
) {
  if (state === 'cancelled') return eb('meetings.cancelledAt', 'is not', null)
  const opened = eb('meetings.startsAt', '<=', startsOfOpenUntil(nowMs))
  const over = eb.or([
    eb(after('duration_min'), '<=', endsOfOpenAfter(nowMs)),
    eb.and([
      eb('meetings.maxDurationMin', 'is not', null),
      eb(after('max_duration_min'), '<=', nowMs),
    ]),
    eb.and([eb('meetings.endedAt', 'is not', null), eb('meetings.endedAt', '<=', nowMs)]),
  ])
  const goesOn = eb.and([eb('meetings.cancelledAt', 'is', null), eb.not(over)])
  if (state === 'planned') return eb.and([goesOn, eb.not(opened)])
  // The lower bound is for the index.
  const lately = eb(
    'meetings.startsAt',
    '>',
    endsOfOpenAfter(nowMs) - DURATION_MAX_MINUTES * 60_000,
  )
  if (state === 'open') return eb.and([goesOn, opened, lately])
  return eb.and([eb('meetings.cancelledAt', 'is', null), over])
}

/** So many minutes after its start. */
function after(column: 'duration_min' | 'max_duration_min') {
  return sql<number>`meetings.starts_at + ${sql.ref(`meetings.${column}`)} * 60000`
}
