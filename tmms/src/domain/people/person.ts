/** One person as administrators see them: the account, where it is signed in, and its meetings. */
import type { AccountId } from '../../contract/ids.ts'
import type { AccountRow, PersonMeeting, PersonPage } from '../../contract/people.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import type { Context } from '../context.ts'
import { showEmail } from '../accounts/email.ts'
import { endsOfOpenAfter, stateOf } from '../meetings/meeting-time.ts'
import { pageOf, placeOf, type Page, type PageRequest } from '../paging.ts'
import { personOf } from './administering.ts'

/** @throws {TmmsError} `not-found`. */
export async function readPerson({ store, now }: Context, id: AccountId): Promise<PersonPage> {
  const account = await personOf(store, id)
  const nowMs = now()
  const openAfter = endsOfOpenAfter(nowMs)
  const planned = await store.organisers.planned(id, openAfter)
  const sessions = await store.sessions.of(id, nowMs)
  const devices = await store.sessions.devicesOf(id)
  return {
    account: accountRow(account),
    version: account.version,
    sessions: sessions.map(({ createdAt, expiresAt }) => ({
      createdAt: iso(createdAt),
      expiresAt: iso(expiresAt),
    })),
    devices: devices.map(({ seenAt }) => ({ seenAt: iso(seenAt) })),
    meetings: {
      organises: planned.length,
      ownLinks: planned.filter(({ ownLink }) => ownLink === 1).length,
      organised: await store.organisers.count(id),
      invitedTo: await store.organisers.countInvitedTo(id, openAfter),
    },
  }
}

/** The latest first. @throws {TmmsError} `not-found`. */
export async function meetingsOfPerson(
  { store, now }: Context,
  { id, cursor, limit }: PageRequest & { readonly id: AccountId },
): Promise<Page<PersonMeeting>> {
  await personOf(store, id)
  const records = await store.organisers.page(id, placeOf(cursor), limit + 1)
  const page = pageOf(records, limit, ({ startsAt, id: place }) => ({ atMs: startsAt, id: place }))
  const nowMs = now()
  return { ...page, rows: page.rows.map((meeting) => meetingOfPerson(meeting, { id, nowMs })) }
}

function meetingOfPerson(
  meeting: MeetingRecord,
  { id, nowMs }: { readonly id: AccountId; readonly nowMs: number },
): PersonMeeting {
  return {
    id: meeting.id,
    title: meeting.title,
    startsAt: iso(meeting.startsAt),
    durationMin: meeting.durationMin,
    state: stateOf(meeting, nowMs),
    organises: meeting.organiserId === id,
  }
}

export function accountRow(record: AccountRecord): AccountRow {
  const { id, email, firstName, lastName, role, language, createdAt, lastSignInAt } = record
  return {
    ...{ id, email: showEmail(email), firstName, lastName, role, language },
    // What is kept of a deleted account is found by nobody.
    state: record.state === 'deleted' ? 'disabled' : record.state,
    createdAt: iso(createdAt),
    lastSignInAt: lastSignInAt === 0 ? null : iso(lastSignInAt),
  }
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
