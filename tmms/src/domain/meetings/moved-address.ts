/** A changed address in calendars: of whoever organises, and of whoever is invited. */
import type { AccountRecord } from '../../store/accounts.ts'
import { queueMail } from '../mail/queue.ts'
import type { Deed } from './cancel.ts'
import { inviteAtNewAddress } from './invite.ts'
import { endsOfOpenAfter, stateOf } from './meeting-time.ts'
import { noticeOf } from './present.ts'
import { meetingsOfOthers, raised, tellTakenOff } from './taking-off.ts'

export interface MovedAddress {
  readonly from: AccountRecord
  readonly to: AccountRecord
}

/**
 * For each meeting that is not over. Own ones: the invited get an update, whose ORGANIZER is the new address. Those of
 * others: the former mailbox gets a CANCEL, the new one an invitation.
 */
export async function moveInMeetings(deed: Deed, moved: MovedAddress): Promise<void> {
  await moveOrganiser(deed, moved)
  const { context, rows } = deed
  for (const meeting of await meetingsOfOthers(deed, moved.from.id)) {
    const after = await raised(rows, meeting)
    await tellTakenOff(deed, moved.from, after)
    await inviteAtNewAddress(context, rows, { meeting: after, account: moved.to })
  }
}

async function moveOrganiser({ context, rows }: Deed, { from, to }: MovedAddress): Promise<void> {
  const nowMs = context.now()
  for (const meeting of await rows.organisers.planned(from.id, endsOfOpenAfter(nowMs))) {
    if (stateOf(meeting, nowMs) === 'ended') continue
    const before = noticeOf(context, { ...meeting, organiserEmail: from.email })
    const after = noticeOf(context, { ...(await raised(rows, meeting)), organiserEmail: to.email })
    for (const person of await rows.meetings.invited(meeting.id)) {
      if (person.state === 'disabled') continue
      await queueMail(context, rows, person, { kind: 'update', meeting: after, before })
    }
  }
}
