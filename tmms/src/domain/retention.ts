/** Deletes what has reached the time that the administrator set, in steps that keep nobody waiting. */
import type { RetentionSettings } from '../contract/settings.ts'
import type { Rows } from '../store/store.ts'
import { DAY_MS } from './accounts/link-life.ts'
import { record } from './audit/record.ts'
import type { Context } from './context.ts'
import { readSettings } from './settings/read.ts'

/** A meeting takes up to three hundred invitations with it. */
const MEETINGS_AT_ONCE = 20
const ROWS_AT_ONCE = 500
const HOUR_MS = 3_600_000
const SERVER = { account: null, from: '' }

/**
 * One step, in a transaction of its own, with its entry in the audit log when anything was deleted: how much, not what.
 * @returns whether there may be more.
 */
export async function purgeSome(context: Context): Promise<boolean> {
  const { store, now } = context
  return store.atomically(async (rows) => {
    const counts = await purge(rows, await readSettings(rows, 'retention'), context)
    const details = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
    if (Object.keys(details).length === 0) return false
    await record(rows, SERVER, now(), {
      action: 'retention',
      object: { kind: 'server', id: '', name: '' },
      details,
    })
    return true
  })
}

async function purge(
  { retention }: Rows,
  { meetingDays, attendanceDays, mailDays }: RetentionSettings,
  { now, maxOverrunHours }: Context,
): Promise<Readonly<Record<string, number>>> {
  const nowMs = now()
  const before = (days: number): number => nowMs - days * DAY_MS
  // One that runs over its planned end is not over yet.
  const over = before(meetingDays) - maxOverrunHours * HOUR_MS
  return {
    meetings: meetingDays === 0 ? 0 : await retention.meetings(over, MEETINGS_AT_ONCE),
    attendance:
      attendanceDays === 0 ? 0 : await retention.attendance(before(attendanceDays), ROWS_AT_ONCE),
    mails: mailDays === 0 ? 0 : await retention.mails(before(mailDays), ROWS_AT_ONCE),
    names: await retention.names(ROWS_AT_ONCE),
  }
}
