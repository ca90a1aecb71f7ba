/** The end of a meeting by the maximum duration that the administrator set. */
import { endingAccess } from '../access-ends.ts'
import { meetingObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'

const SERVER = { account: null, from: '' }

/** Ends those whose time was over after `sinceMs`, up to and with `untilMs`, for everybody who is in. */
export async function endLongMeetings(
  context: Context,
  { sinceMs, untilMs }: { readonly sinceMs: number; readonly untilMs: number },
): Promise<void> {
  for (const id of await context.store.meetings.overlong(sinceMs, untilMs)) {
    await endingAccess(context, async (rows, end) => {
      await end({ mid: id, reason: 'meeting-ended' })
      const details = { reason: 'durationMin' }
      const object = meetingObject(id)
      await record(rows, SERVER, context.now(), { action: 'meeting-ended', object, details })
    })
  }
}
