/** Taking somebody off the list of every meeting, and out of its calendar entry, because the account or address goes. */
import type { AccountRecord } from '../../store/accounts.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import type { Rows } from '../../store/store.ts'
import type { AccountId } from '../../contract/ids.ts'
import { meetingObject, record } from '../audit/record.ts'
import { queueMail } from '../mail/queue.ts'
import type { Deed } from './cancel.ts'
import { endsOfOpenAfter, stateOf } from './meeting-time.ts'
import { noticeOf } from './present.ts'

/** The account is about to be deleted, and the invitations with it. */
export async function takeOffAll(deed: Deed, person: AccountRecord): Promise<void> {
  const { context, actor, rows } = deed
  for (const meeting of await meetingsOfOthers(deed, person.id)) {
    await tellTakenOff(deed, person, await raised(rows, meeting))
    await record(rows, actor, context.now(), {
      action: 'meeting-uninvited',
      object: meetingObject(meeting.id),
      details: { accounts: [person.id] },
    })
  }
}

/** Planned or open ones that this person is invited to. */
export async function meetingsOfOthers(
  { context, rows }: Pick<Deed, 'context' | 'rows'>,
  id: AccountId,
): Promise<readonly MeetingRecord[]> {
  const nowMs = context.now()
  const meetings = await rows.organisers.invitedTo(id, endsOfOpenAfter(nowMs))
  return meetings.filter((meeting) => stateOf(meeting, nowMs) !== 'ended')
}

/** With its next number: calendars take no change without. */
export async function raised(rows: Rows, meeting: MeetingRecord): Promise<MeetingRecord> {
  return { ...meeting, sequence: await rows.meetings.raise(meeting.id) }
}

/** A CANCEL; it says no more than that address was told, and nothing goes where nothing went. */
export async function tellTakenOff(
  { context, rows }: Pick<Deed, 'context' | 'rows'>,
  person: AccountRecord,
  meeting: MeetingRecord,
): Promise<void> {
  if (person.state === 'disabled') return
  await queueMail(context, rows, person, {
    kind: 'uninvitation',
    meeting: noticeOf(context, meeting),
    byAdministrator: true,
  })
}
