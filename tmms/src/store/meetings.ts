/** Meetings and who is invited to them. */
import type { Kysely, Selectable } from 'kysely'
import type { AccountId, MeetingId } from '../contract/ids.ts'
import { DURATION_MAX_MINUTES } from '../contract/limits.ts'
import { wordsOf } from '../domain/accounts/search-words.ts'
import type { Place } from '../domain/paging.ts'
import { inviteStore, type InviteStore } from './invites.ts'
import type { MeetingTable } from './meeting-tables.ts'
import type { Tables } from './tables.ts'

const MINUTE_MS = 60_000

/** A meeting with what is needed of its organiser, and whether the reader is invited. */
export interface MeetingRecord extends Selectable<MeetingTable> {
  readonly organiserEmail: string
  readonly organiserFirstName: string
  readonly organiserLastName: string
  /** Its profile as administrators changed it (JSON); null when it is as it comes. */
  readonly profileJson: string | null
}

/** What may change of a meeting. */
type MeetingFacts = Pick<
  Selectable<MeetingTable>,
  'title' | 'startsAt' | 'durationMin' | 'zone' | 'sequence'
>

export interface MeetingStore extends InviteStore {
  add(meeting: Selectable<MeetingTable>): Promise<void>
  /** The meeting, when this account organises it or is invited to it and was not excluded. */
  visibleTo(id: MeetingId, accountId: AccountId): Promise<MeetingRecord | undefined>
  /** Whether only the organiser has the whole link. */
  hasOwnLink(id: MeetingId): Promise<boolean>
  /** All that this account organises or is invited to, soonest first. */
  listFor(
    accountId: AccountId,
    range: { readonly startsAfterMs: number; readonly after: Place | null; readonly limit: number },
  ): Promise<readonly MeetingRecord[]>
  /** False when the meeting is no longer the one with this number. */
  change(id: MeetingId, sequence: number, change: MeetingFacts): Promise<boolean>
  /** Counts a change of what its mails tell; answers the new number. */
  raise(id: MeetingId): Promise<number>
  /** Counts as a change. False when it was cancelled already. */
  cancel(id: MeetingId, cancelledAt: number): Promise<boolean>
  /** Those that somebody has joined, and whose maximum duration was over after `sinceMs`, up to and with `untilMs`. */
  overlong(sinceMs: number, untilMs: number): Promise<readonly MeetingId[]>
  /** Sets the meeting session if there is none yet, and answers the one that holds. */
  keepSession(id: MeetingId, msid: string): Promise<string>
}

export function meetingStore(db: Kysely<Tables>): MeetingStore {
  return {
    add: async (meeting) => {
      await db.insertInto('meetings').values(meeting).execute()
      await keepTitle(db, meeting)
    },
    visibleTo: (id, accountId) =>
      visible(db, accountId).where('meetings.id', '=', id).executeTakeFirst(),
    listFor: (accountId, { startsAfterMs, after, limit }) => {
      const query = visible(db, accountId).where('meetings.startsAt', '>', startsAfterMs)
      const behind =
        after === null
          ? query
          : query.where((eb) =>
              eb.or([
                eb('meetings.startsAt', '>', after.atMs),
                eb.and([
                  eb('meetings.startsAt', '=', after.atMs),
                  eb('meetings.id', '>', after.id as MeetingId),
                ]),
              ]),
            )
      return behind.orderBy('meetings.startsAt').orderBy('meetings.id').limit(limit).execute()
    },
    change: async (id, sequence, change) => {
      const { numUpdatedRows } = await db
        .updateTable('meetings')
        .set(change)
        .where('id', '=', id)
        .where('sequence', '=', sequence)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      await keepTitle(db, { id, title: change.title })
      return true
    },
    raise: async (id) => {
      const raised = await db
        .updateTable('meetings')
        .set((eb) => ({ sequence: eb('sequence', '+', 1) }))
        .where('id', '=', id)
        .returning('sequence')
        .executeTakeFirstOrThrow()
      return raised.sequence
    },
    cancel: async (id, cancelledAt) => {
      const { numUpdatedRows } = await db
        .updateTable('meetings')
        .set((eb) => ({ cancelledAt, sequence: eb('sequence', '+', 1) }))
        .where('id', '=', id)
        .where('cancelledAt', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    overlong: (sinceMs, untilMs) => overlong(db, sinceMs, untilMs),
    ...sessions(db),
    ...inviteStore(db),
  }
}

function sessions(db: Kysely<Tables>): Pick<MeetingStore, 'hasOwnLink' | 'keepSession'> {
  return {
    hasOwnLink: async (id) => {
      const query = db.selectFrom('meetings').select('ownLink').where('id', '=', id)
      return (await query.executeTakeFirst())?.ownLink === 1
    },
    keepSession: async (id, msid) => {
      await db
        .updateTable('meetings')
        .set({ msid })
        .where('id', '=', id)
        .where('msid', 'is', null)
        .execute()
      const query = db.selectFrom('meetings').select('msid').where('id', '=', id)
      return (await query.executeTakeFirstOrThrow()).msid ?? msid
    },
  }
}

/** As it is found. */
async function keepTitle(
  db: Kysely<Tables>,
  { id, title }: Pick<Selectable<MeetingTable>, 'id' | 'title'>,
): Promise<void> {
  await db.deleteFrom('meetingWords').where('meetingId', '=', id).execute()
  const words = wordsOf(title).map((word) => ({ meetingId: id, word }))
  if (words.length > 0) await db.insertInto('meetingWords').values(words).execute()
}

async function overlong(
  db: Kysely<Tables>,
  sinceMs: number,
  untilMs: number,
): Promise<readonly MeetingId[]> {
  const rows = await db
    .selectFrom('meetings')
    .select(['id', 'startsAt', 'maxDurationMin'])
    .where('startsAt', '<=', untilMs)
    .where('startsAt', '>', sinceMs - DURATION_MAX_MINUTES * MINUTE_MS)
    .where('maxDurationMin', 'is not', null)
    .where('msid', 'is not', null)
    .where('cancelledAt', 'is', null)
    .where('endedAt', 'is', null)
    .execute()
  const endsAt = (row: (typeof rows)[number]): number =>
    row.startsAt + (row.maxDurationMin ?? 0) * MINUTE_MS
  const over = rows.filter((row) => endsAt(row) > sinceMs && endsAt(row) <= untilMs)
  return over.map(({ id }) => id)
}

/** Meetings with what is needed of their organisers and profiles. */
export function described(db: Kysely<Tables>) {
  return db
    .selectFrom('meetings')
    .innerJoin('accounts', 'accounts.id', 'meetings.organiserId')
    .leftJoin('profiles', 'profiles.name', 'meetings.profile')
    .selectAll('meetings')
    .select([
      'accounts.email as organiserEmail',
      'accounts.firstName as organiserFirstName',
      'accounts.lastName as organiserLastName',
      'profiles.value as profileJson',
    ])
}

export function visible(db: Kysely<Tables>, accountId: AccountId) {
  return described(db)
    .leftJoin('invites', (join) =>
      join
        .onRef('invites.meetingId', '=', 'meetings.id')
        .on('invites.accountId', '=', accountId)
        .on('invites.excludedAt', 'is', null),
    )
    .where((where) =>
      where.or([
        where('meetings.organiserId', '=', accountId),
        where('invites.accountId', '=', accountId),
      ]),
    )
}
