/** Meetings and who is invited to them. */
import type { Kysely, Selectable } from 'kysely'
import type { AccountId, MeetingId } from '../contract/ids.ts'
import { DURATION_MAX_MINUTES } from '../contract/limits.ts'
import type { Place } from '../domain/paging.ts'
import type { AccountRecord } from './accounts.ts'
import type { InviteTable, MeetingTable, Tables } from './tables.ts'

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

export interface Invitee {
  readonly email: string
  readonly name: string
}

export interface MeetingStore {
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
  /** Counts as a change. False when it was cancelled already. */
  cancel(id: MeetingId, cancelledAt: number): Promise<boolean>
  /** Those that somebody has joined, and whose maximum duration was over after `sinceMs`, up to and with `untilMs`. */
  overlong(sinceMs: number, untilMs: number): Promise<readonly MeetingId[]>
  /** Sets the meeting session if there is none yet, and answers the one that holds. */
  keepSession(id: MeetingId, msid: string): Promise<string>
  /** Ends an exclusion, too. */
  invite(invites: readonly Selectable<InviteTable>[]): Promise<void>
  invited(id: MeetingId): Promise<readonly AccountRecord[]>
  /** Addresses, with the names that the organiser gave. */
  invitees(ids: readonly MeetingId[]): Promise<ReadonlyMap<MeetingId, readonly Invitee[]>>
  /** False when this account was never invited. */
  exclude(id: MeetingId, accountId: AccountId, excludedAt: number): Promise<boolean>
}

export function meetingStore(db: Kysely<Tables>): MeetingStore {
  return {
    add: async (meeting) => {
      await db.insertInto('meetings').values(meeting).execute()
    },
    visibleTo: (id, accountId) =>
      visible(db, accountId).where('meetings.id', '=', id).executeTakeFirst(),
    hasOwnLink: async (id) => {
      const query = db.selectFrom('meetings').select('ownLink').where('id', '=', id)
      return (await query.executeTakeFirst())?.ownLink === 1
    },
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
      return numUpdatedRows > 0n
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
    ...invites(db),
    ...exclusions(db),
  }
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
    .execute()
  const endsAt = (row: (typeof rows)[number]): number =>
    row.startsAt + (row.maxDurationMin ?? 0) * MINUTE_MS
  const over = rows.filter((row) => endsAt(row) > sinceMs && endsAt(row) <= untilMs)
  return over.map(({ id }) => id)
}

type Invites = Pick<MeetingStore, 'invite' | 'invited' | 'invitees'>
type Exclusions = Pick<MeetingStore, 'exclude'>

function invites(db: Kysely<Tables>): Invites {
  return {
    invite: async (rows) => {
      if (rows.length === 0) return
      await db
        .insertInto('invites')
        .values(rows)
        .onConflict((conflict) =>
          conflict.columns(['meetingId', 'accountId']).doUpdateSet({ excludedAt: null }),
        )
        .execute()
    },
    invited: (id) =>
      db
        .selectFrom('invites')
        .innerJoin('accounts', 'accounts.id', 'invites.accountId')
        .selectAll('accounts')
        .where('invites.meetingId', '=', id)
        .where('invites.excludedAt', 'is', null)
        .orderBy('accounts.email')
        .execute(),
    invitees: async (ids) => {
      const rows =
        ids.length === 0
          ? []
          : await db
              .selectFrom('invites')
              .innerJoin('accounts', 'accounts.id', 'invites.accountId')
              .select(['invites.meetingId', 'accounts.email', 'invites.givenName as name'])
              .where('invites.meetingId', 'in', ids)
              .where('invites.excludedAt', 'is', null)
              .orderBy('accounts.email')
              .execute()
      const grouped = Map.groupBy(rows, (row) => row.meetingId)
      return new Map(
        [...grouped].map(([id, group]) => [id, group.map(({ email, name }) => ({ email, name }))]),
      )
    },
  }
}

function exclusions(db: Kysely<Tables>): Exclusions {
  return {
    exclude: async (id, accountId, excludedAt) => {
      const { numUpdatedRows } = await db
        .updateTable('invites')
        .set({ excludedAt })
        .where('meetingId', '=', id)
        .where('accountId', '=', accountId)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
  }
}

export function visible(db: Kysely<Tables>, accountId: AccountId) {
  return db
    .selectFrom('meetings')
    .innerJoin('accounts', 'accounts.id', 'meetings.organiserId')
    .leftJoin('invites', (join) =>
      join
        .onRef('invites.meetingId', '=', 'meetings.id')
        .on('invites.accountId', '=', accountId)
        .on('invites.excludedAt', 'is', null),
    )
    .leftJoin('profiles', 'profiles.name', 'meetings.profile')
    .selectAll('meetings')
    .select([
      'accounts.email as organiserEmail',
      'accounts.firstName as organiserFirstName',
      'accounts.lastName as organiserLastName',
      'profiles.value as profileJson',
    ])
    .where((where) =>
      where.or([
        where('meetings.organiserId', '=', accountId),
        where('invites.accountId', '=', accountId),
      ]),
    )
}
