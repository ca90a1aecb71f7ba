/** What administrators do to meetings of others: cancel, end, give to another organiser. */
import type { AccountId, MeetingId } from '../../contract/ids.ts'
import { TmmsError } from '../../errors.ts'
import { requireUnchanged } from '../versions.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import type { Rows } from '../../store/store.ts'
import { endingAccess } from '../access-ends.ts'
import { displayName } from '../accounts/names.ts'
import type { Actor } from '../audit/actor.ts'
import { meetingObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { queueMail } from '../mail/queue.ts'
import { withdrawMeeting } from '../mail/withdrawing.ts'
import { cancelIn, type Deed } from './cancel.ts'
import { handOver, newOrganiser } from './hand-over.ts'
import { stateOf } from './meeting-time.ts'
import { noticeOf } from './present.ts'

/** Tells the organiser and the invited. @throws {TmmsError} `not-found`; `not-allowed` when it is over. */
export async function cancelAnyMeeting(
  context: Context,
  actor: Actor,
  id: MeetingId,
): Promise<void> {
  await administering(context, actor, id, (deed, meeting) =>
    cancelIn(deed, meeting, { tellsOrganiser: true }),
  )
}

/**
 * Puts everybody out, for good. Nobody is mailed.
 * @throws {TmmsError} `not-found`; `wrong-state` when it is not open and nobody is in.
 */
export async function endAnyMeeting(context: Context, actor: Actor, id: MeetingId): Promise<void> {
  await administering(context, actor, id, async ({ rows, end }, meeting) => {
    const nowMs = context.now()
    const state = stateOf(meeting, nowMs)
    const goesOn = state === 'ended' && context.presence.count(id) > 0
    if (state !== 'open' && !goesOn) {
      throw new TmmsError('wrong-state', 'There is nothing to end: the meeting is not on.')
    }
    if (!(await rows.allMeetings.end(id, nowMs))) return
    await end({ mid: id, reason: 'meeting-ended' })
    await withdrawMeeting(rows, { id }, nowMs)
    await record(rows, actor, nowMs, { action: 'meeting-ended', object: meetingObject(id) })
  })
}

/**
 * The former organiser stays invited.
 * @throws {TmmsError} `not-found`; `no-organiser` at `to`; `not-allowed` when it is over or cancelled; `changed-meanwhile`
 * unless `sequence` is the meeting's.
 */
export async function changeOrganiser(
  context: Context,
  actor: Actor,
  asked: { readonly id: MeetingId; readonly sequence: number; readonly to: AccountId },
): Promise<void> {
  await administering(context, actor, asked.id, async (deed, read) => {
    const state = stateOf(read, context.now())
    if (state === 'ended' || state === 'cancelled') {
      throw new TmmsError('not-allowed', 'This meeting is over or cancelled.')
    }
    const { rows } = deed
    const to = await newOrganiser(rows, asked.to, read.organiserId)
    const versions = { is: read.sequence, basedOn: asked.sequence }
    await requireUnchanged(rows, { kind: 'meeting', id: read.id }, versions)
    const former = (await rows.accounts.byId(read.organiserId)) ?? null
    const after = await handOver(deed, { meeting: read, to, former })
    const name = displayName({
      firstName: read.organiserFirstName,
      lastName: read.organiserLastName,
      email: read.organiserEmail,
    })
    const meetings = [noticeOf(context, after)]
    await queueMail(context, rows, to, { kind: 'handed-over', former: name, meetings })
  })
}

/** @throws {TmmsError} `not-found`. */
export async function anyMeeting(rows: Rows, id: MeetingId): Promise<MeetingRecord> {
  const meeting = await rows.allMeetings.byId(id)
  if (meeting === undefined) throw new TmmsError('not-found', 'There is no such meeting.')
  return meeting
}

async function administering(
  context: Context,
  actor: Actor,
  id: MeetingId,
  work: (deed: Deed, meeting: MeetingRecord) => Promise<void>,
): Promise<void> {
  await endingAccess(context, async (rows, end) => {
    await work({ context, actor, rows, end }, await anyMeeting(rows, id))
  })
}
