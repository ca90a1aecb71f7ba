/** Putting somebody out of a meeting, until invited again. */
import type { AccountId, MeetingId } from '../../contract/ids.ts'
import { TmmsError } from '../../errors.ts'
import { endingAccess } from '../access-ends.ts'
import type { Person } from '../audit/actor.ts'
import { meetingObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { withdrawMeeting } from '../mail/withdrawing.ts'
import { ownMeeting } from './meeting.ts'

/**
 * Whoever is out finds no such meeting any more, and gets no token for it. Repeating it does no harm.
 * @throws {TmmsError} `not-found` for everybody but the organiser; `bad-request` for oneself and for people who were
 * never invited.
 */
export async function excludeFromMeeting(
  context: Context,
  actor: Person,
  { id, sub }: { readonly id: MeetingId; readonly sub: AccountId },
): Promise<void> {
  await endingAccess(context, async (rows, end) => {
    await ownMeeting({ store: rows }, actor.account, id)
    if (sub === actor.account.id || !(await rows.meetings.exclude(id, sub, context.now()))) {
      throw new TmmsError('bad-request', 'Only people who were invited can be excluded.', {
        field: 'sub',
      })
    }
    await end({ sub, mid: id, reason: 'removed' })
    const only = await rows.accounts.byId(sub)
    if (only !== undefined) await withdrawMeeting(rows, { id, only }, context.now())
    await record(rows, actor, context.now(), {
      action: 'meeting-removed',
      object: meetingObject(id),
      details: { account: sub },
    })
  })
}
