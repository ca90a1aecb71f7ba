/** Another organiser for a meeting: rights, the list of the invited, and who is told. */
import type { AccountId } from '../../contract/ids.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import type { Rows } from '../../store/store.ts'
import { showEmail } from '../accounts/email.ts'
import { meetingObject, record } from '../audit/record.ts'
import { queueMail } from '../mail/queue.ts'
import { withdrawMeeting } from '../mail/withdrawing.ts'
import { valuesOf } from '../policy/people.ts'
import { changedMeanwhile } from '../versions.ts'
import type { Deed } from './cancel.ts'
import { noticeOf } from './present.ts'

export interface HandingOver {
  readonly meeting: MeetingRecord
  readonly to: AccountRecord
  /** Stays invited; null when the former organiser is going for good. */
  readonly former: AccountRecord | null
}

/**
 * The new organiser moderates it with the next token, the former one no longer; calendars of the invited learn the new
 * ORGANIZER. The mail to the new organiser is the caller's: it may be about several meetings.
 * @returns the meeting as it is now.
 * @throws {TmmsError} `changed-meanwhile` when it is another one than was read.
 */
export async function handOver(
  { context, actor, rows, end }: Deed,
  { meeting, to, former }: HandingOver,
): Promise<MeetingRecord> {
  const { id } = meeting
  const nowMs = context.now()
  if (!(await rows.organisers.handOver(id, meeting.sequence, to.id))) {
    throw changedMeanwhile()
  }
  // Whoever organises it needs no invitation to it.
  await withdrawMeeting(rows, { id, only: to }, nowMs)
  await end({ sub: to.id, mid: id, reason: 'rights-changed' })
  if (former !== null) {
    const invite = { meetingId: id, accountId: former.id, invitedAt: nowMs }
    await rows.meetings.invite([{ ...invite, excludedAt: null, givenName: '' }])
    await end({ sub: former.id, mid: id, reason: 'rights-changed' })
  }
  await record(rows, actor, nowMs, {
    action: 'meeting-handed-over',
    object: meetingObject(id),
    details: { to: showEmail(to.email) },
  })
  const after = organisedBy(meeting, to)
  const [notice, before] = [noticeOf(context, after), noticeOf(context, meeting)]
  for (const person of await rows.meetings.invited(id)) {
    if (person.state === 'disabled') continue
    await queueMail(context, rows, person, { kind: 'update', meeting: notice, before })
  }
  return after
}

/** @throws {TmmsError} `no-organiser` at `to` for whoever may not organise, and for the former organiser. */
export async function newOrganiser(
  rows: Rows,
  id: AccountId | undefined,
  former: AccountId,
): Promise<AccountRecord> {
  const to = id === undefined || id === former ? undefined : await rows.accounts.byId(id)
  const may = to?.state === 'active' && to.role !== 'user'
  if (to !== undefined && may && (await valuesOf(rows, to)).organise) return to
  throw new TmmsError('no-organiser', 'Meetings go to an active account that may organise.', {
    field: 'to',
  })
}

function organisedBy(meeting: MeetingRecord, to: AccountRecord): MeetingRecord {
  return {
    ...meeting,
    sequence: meeting.sequence + 1,
    organiserId: to.id,
    organiserEmail: to.email,
    organiserFirstName: to.firstName,
    organiserLastName: to.lastName,
  }
}
