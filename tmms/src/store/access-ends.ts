/** Ends of rights, kept while a token of before may still be valid. */
import type { Kysely, Selectable } from 'kysely'
import type { AccountId, MeetingId } from '../contract/ids.ts'
import type { AccessEndTable, Tables } from './tables.ts'

export type AccessEndRecord = Selectable<AccessEndTable>

export interface AccessEndStore {
  add(end: AccessEndRecord): Promise<void>
  since(atMs: number): Promise<readonly AccessEndRecord[]>
  /** The latest that concerns this account in this meeting, or null. */
  latest(accountId: AccountId, meetingId: MeetingId): Promise<number | null>
  purge(beforeMs: number): Promise<void>
}

export function accessEndStore(db: Kysely<Tables>): AccessEndStore {
  return {
    add: async (end) => {
      await db.insertInto('accessEnds').values(end).execute()
    },
    since: (atMs) =>
      db.selectFrom('accessEnds').selectAll().where('atMs', '>=', atMs).orderBy('atMs').execute(),
    latest: async (accountId, meetingId) => {
      const row = await db
        .selectFrom('accessEnds')
        .select(({ fn }) => fn.max('atMs').as('atMs'))
        .where((where) =>
          where.or([where('accountId', '=', accountId), where('accountId', 'is', null)]),
        )
        .where((where) =>
          where.or([where('meetingId', '=', meetingId), where('meetingId', 'is', null)]),
        )
        .executeTakeFirst()
      // An aggregate of no rows is null, which Kysely's types leave out.
      return (row?.atMs as number | null | undefined) ?? null
    },
    purge: async (beforeMs) => {
      await db.deleteFrom('accessEnds').where('atMs', '<', beforeMs).execute()
    },
  }
}
