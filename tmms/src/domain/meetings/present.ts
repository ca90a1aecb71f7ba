/** Meetings as people see them, on pages and in mails. */
import type { Meeting } from '../../contract/meetings.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { Invitee } from '../../store/invites.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import { showEmail } from '../accounts/email.ts'
import { displayName } from '../accounts/names.ts'
import type { Context } from '../context.ts'
import type { MeetingNotice } from '../mail/mail.ts'
import { meetingLink } from './meeting-link.ts'
import { keepsAttendance, markOf } from '../policy/meetings.ts'
import { stateOf } from './meeting-time.ts'

/** As mails say it. */
export function noticeOf(
  { origin, rootThumbprint, timeZone }: Context,
  meeting: MeetingRecord,
): MeetingNotice {
  const { id, title, startsAt, durationMin, sequence } = meeting
  const link = meeting.ownLink === 1 ? null : `${origin}${meetingLink(id, rootThumbprint)}`
  const zone = meeting.zone || timeZone
  const organiser = { ...organiserOf(meeting), email: meeting.organiserEmail }
  const mark = markOf(meeting)
  const attendance = keepsAttendance(meeting)
  return { id, title, startsAt, durationMin, zone, sequence, organiser, link, mark, attendance }
}

function organiserOf(meeting: MeetingRecord): Meeting['organiser'] {
  const { organiserEmail, organiserFirstName, organiserLastName } = meeting
  const person = { firstName: organiserFirstName, lastName: organiserLastName }
  const email = showEmail(organiserEmail)
  return { name: displayName({ ...person, email }), email }
}

/** As its reader sees it. */
export async function present(
  context: Context,
  reader: AccountRecord,
  meeting: MeetingRecord,
): Promise<Meeting> {
  const invited = await context.store.meetings.invitees([meeting.id])
  return describe(context, reader, { meeting, invited: invited.get(meeting.id) ?? [] })
}

export function describe(
  { now, rootThumbprint, timeZone }: Context,
  reader: AccountRecord,
  { meeting, invited }: { meeting: MeetingRecord; invited: readonly Invitee[] },
): Meeting {
  const mine = meeting.organiserId === reader.id
  return {
    id: meeting.id,
    title: meeting.title,
    startsAt: new Date(meeting.startsAt).toISOString(),
    durationMin: meeting.durationMin,
    zone: meeting.zone || timeZone,
    organiser: organiserOf(meeting),
    mine,
    ...(mine
      ? { invited: invited.map(({ email, name }) => ({ email: showEmail(email), name })) }
      : {}),
    state: stateOf(meeting, now()),
    link: meetingLink(meeting.id, rootThumbprint),
    ownLink: meeting.ownLink === 1,
    ...(keepsAttendance(meeting) ? { attendance: true as const } : {}),
    mark: markOf(meeting),
    sequence: meeting.sequence,
  }
}
