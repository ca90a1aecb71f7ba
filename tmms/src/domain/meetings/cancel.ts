/** Cancelling a meeting: its end for everybody, and who is told. */
import type { AccountId, MeetingId } from '../../contract/ids.ts'
import type { Meeting } from '../../contract/meetings.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import type { Rows } from '../../store/store.ts'
import { endingAccess, type Ending } from '../access-ends.ts'
import type { Actor, Person } from '../audit/actor.ts'
import { meetingObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { queueMail } from '../mail/queue.ts'
import { ownMeeting } from './meeting.ts'
import { stateOf } from './meeting-time.ts'
import { noticeOf, present } from './present.ts'

/** What something is done to a meeting with, in the transaction of `endingAccess`. */
export interface Deed {
  readonly context: Context
  readonly actor: Actor
  readonly rows: Rows
  readonly end: (ending: Ending) => Promise<void>
}

/** @throws {TmmsError} `not-found` for everybody but the organiser, `not-allowed` when it is over. */
export async function cancelMeeting(
  context: Context,
  actor: Person,
  id: MeetingId,
): Promise<Meeting> {
  const { account } = actor
  await endingAccess(context, async (rows, end) => {
    const meeting = await ownMeeting({ store: rows }, account, id)
    await cancelIn({ context, actor, rows, end }, meeting)
  })
  return present(context, account, await ownMeeting(context, account, id))
}

/**
 * A second time it does nothing.
 * @param parts.tellsOrganiser mails the organiser, too
 * @throws {TmmsError} `not-allowed` when it is over.
 */
export async function cancelIn(
  { context, actor, rows, end }: Deed,
  meeting: MeetingRecord,
  { tellsOrganiser = false } = {},
): Promise<void> {
  const { id } = meeting
  const nowMs = context.now()
  if (stateOf(meeting, nowMs) === 'ended') {
    throw new TmmsError('not-allowed', 'The meeting is over.')
  }
  // Of several who cancel at once, one mails.
  if (!(await rows.meetings.cancel(id, nowMs))) return
  await end({ mid: id, reason: 'meeting-ended' })
  await record(rows, actor, nowMs, { action: 'meeting-cancelled', object: meetingObject(id) })
  const cancelled = { ...meeting, cancelledAt: nowMs, sequence: meeting.sequence + 1 }
  const byAdministrator = actor.account?.id !== meeting.organiserId
  const mail = {
    kind: 'cancellation',
    meeting: noticeOf(context, cancelled),
    byAdministrator,
  } as const
  const organiser = tellsOrganiser && byAdministrator ? [meeting.organiserId] : []
  for (const person of await told(rows, id, organiser)) {
    if (person.state !== 'disabled') await queueMail(context, rows, person, mail)
  }
}

async function told(
  rows: Rows,
  id: MeetingId,
  [organiserId]: readonly AccountId[],
): Promise<readonly AccountRecord[]> {
  const invited = await rows.meetings.invited(id)
  const organiser = organiserId === undefined ? undefined : await rows.accounts.byId(organiserId)
  return organiser === undefined ? invited : [organiser, ...invited]
}
