/** Deletes what has reached the time that the administrator set, in steps that keep nobody waiting. */
import { retentionSettings, type RetentionSettings } from '../contract/settings.ts'
import type { Rows } from '../store/store.ts'
import { DAY_MS } from './accounts/link-life.ts'
import { record } from './audit/record.ts'
import type { Context } from './context.ts'

/** A meeting takes up to three hundred invitations with it. */
const MEETINGS_AT_ONCE = 20
const ROWS_AT_ONCE = 500
const HOUR_MS = 3_600_000
const SERVER = { account: null, from: '' }
const AREA = 'retention'
/**
 * So long after an update that brought these times, or after a change of one, nothing is deleted: nobody gets back what
 * is gone, and an update on a Friday is looked at on Monday.
 */
const NOTICE_MS = 7 * DAY_MS
const FOR_EVER: RetentionSettings = { meetingDays: 0, attendanceDays: 0, mailDays: 0 }

/**
 * One step, in a transaction of its own, with its entry in the audit log when anything was deleted: how much, not what.
 * @returns whether there may be more.
 */
export async function purgeSome(context: Context): Promise<boolean> {
  const { store, now } = context
  return store.atomically(async (rows) => {
    const counts = await purge(rows, await timesInForce(rows, now()), context)
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

async function timesInForce(rows: Rows, nowMs: number): Promise<RetentionSettings> {
  const since = await rows.settings.changedAt(AREA)
  if (since === undefined) await putIntoForce(rows, nowMs)
  if (since === undefined || nowMs < since + NOTICE_MS) return FOR_EVER
  // Here the default may not stand for what another version wrote: it may have said for ever.
  const set = retentionSettings.safeParse(await rows.settings.read(AREA))
  return set.success ? set.data : FOR_EVER
}

/** Nobody has set them: the shipped ones are kept from now on, and the audit log says so. */
async function putIntoForce(rows: Rows, nowMs: number): Promise<void> {
  const shipped = retentionSettings.parse({})
  await rows.settings.write(AREA, shipped, nowMs)
  await record(rows, SERVER, nowMs, {
    action: 'setting-changed',
    object: { kind: 'setting', id: AREA, name: AREA },
    details: { changed: Object.keys(shipped) },
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
