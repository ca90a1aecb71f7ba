/** Every meeting as administrators see it: the list, and one with who is in it. */
import type { MeetingId } from '../../contract/ids.ts'
import type { MeetingPage, MeetingRow, NarrowedMeetings } from '../../contract/admin-meetings.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { MeetingFilter } from '../../store/all-meetings.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import { showEmail } from '../accounts/email.ts'
import { displayName } from '../accounts/names.ts'
import { soughtWords } from '../accounts/search-words.ts'
import type { Context } from '../context.ts'
import { placeOf, type Page, type PageRequest } from '../paging.ts'
import { keepsAttendance, markOf } from '../policy/meetings.ts'
import { anyMeeting } from './any-meeting.ts'
import { stateOf } from './meeting-time.ts'

/** @throws {TmmsError} `bad-request` for a cursor that this server did not give out. */
export async function listAllMeetings(
  context: Context,
  { cursor, limit, ...narrowed }: PageRequest & NarrowedMeetings,
): Promise<Page<MeetingRow>> {
  const { allMeetings } = context.store
  const range = { descending: narrowed.order === 'desc', after: placeOf(cursor), limit }
  const { rows, next } = await allMeetings.page(range, filterOf(context, narrowed))
  const invited = await allMeetings.invitations(rows.map(({ id }) => id))
  return {
    rows: rows.map((meeting) => rowOf(context, meeting, invited.get(meeting.id) ?? 0)),
    next: next === null ? null : `${next.atMs}.${next.id}`,
  }
}

/** @throws {TmmsError} `not-found`. */
export async function readAnyMeeting(context: Context, id: MeetingId): Promise<MeetingPage> {
  const { store, presence, timeZone } = context
  const meeting = await anyMeeting(store, id)
  const invited = await store.meetings.invited(id)
  const { cancelledAt, endedAt, zone, profile, ownLink, sequence } = meeting
  return {
    meeting: rowOf(context, meeting, invited.length),
    zone: zone || timeZone,
    profile,
    ownLink: ownLink === 1,
    sequence,
    cancelledAt: cancelledAt === null ? null : iso(cancelledAt),
    endedAt: endedAt === null ? null : iso(endedAt),
    invited: invited.map(whoOf),
    present: await presentIn(context, await presence.peersIn(id)),
    attendance: { kept: keepsAttendance(meeting), stays: await store.stays.count(id) },
  }
}

async function presentIn(
  { store }: Context,
  peers: Awaited<ReturnType<Context['presence']['peersIn']>>,
): Promise<MeetingPage['present']> {
  const accounts = await store.accounts.byIds([...new Set(peers.map(({ sub }) => sub))])
  const known = new Map<string, AccountRecord>(accounts.map((account) => [account.id, account]))
  return peers
    .toSorted((a, b) => a.sinceMs - b.sinceMs)
    .flatMap(({ sub, sinceMs, quality }) => {
      const account = known.get(sub)
      return account === undefined ? [] : [{ who: whoOf(account), since: iso(sinceMs), quality }]
    })
}

function filterOf({ now }: Context, narrowed: NarrowedMeetings): MeetingFilter {
  const { q, state, organiser, from, until } = narrowed
  return {
    words: soughtWords(q),
    state,
    nowMs: now(),
    organiserId: organiser,
    fromMs: from === undefined ? undefined : Date.parse(from),
    untilMs: until === undefined ? undefined : Date.parse(until),
  }
}

function rowOf({ now, presence }: Context, meeting: MeetingRecord, invited: number): MeetingRow {
  const { id, title, startsAt, durationMin } = meeting
  return {
    id,
    title,
    startsAt: iso(startsAt),
    durationMin,
    state: stateOf(meeting, now()),
    organiser: whoOf({
      id: meeting.organiserId,
      email: meeting.organiserEmail,
      firstName: meeting.organiserFirstName,
      lastName: meeting.organiserLastName,
    }),
    invited,
    present: presence.count(id),
    mark: markOf(meeting),
  }
}

function whoOf(
  person: Pick<AccountRecord, 'id' | 'email' | 'firstName' | 'lastName'>,
): MeetingRow['organiser'] {
  const email = showEmail(person.email)
  return { id: person.id, name: displayName({ ...person, email }), email }
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
