/** A meeting that runs over its planned end goes on for whoever is in it. */
import { TOKEN_TTL_S } from '../../contract/limits.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import type { Rows } from '../../store/store.ts'
import type { Context } from '../context.ts'
import { endsAt, mustEndAt } from './meeting-time.ts'

/** A token that expired this recently says that its holder was only cut off for a while. */
const RENEWABLE_MS = 2 * TOKEN_TTL_S * 1000
const HOUR_MS = 3_600_000

/** Whether this account is in the meeting, as far as tokens tell, and the administrator's limit is not reached. */
export async function mayGoOn(
  { now, maxOverrunHours }: Pick<Context, 'now' | 'maxOverrunHours'>,
  rows: Rows,
  { account, meeting }: { readonly account: AccountRecord; readonly meeting: MeetingRecord },
): Promise<boolean> {
  const lastAt = await rows.attendance.lastTokenAt(meeting.id, account.id)
  const isIn = lastAt !== null && now() < lastAt + RENEWABLE_MS
  const latest = Math.min(endsAt(meeting) + maxOverrunHours * HOUR_MS, mustEndAt(meeting))
  return isIn && now() < latest
}
