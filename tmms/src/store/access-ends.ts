/** Ends of rights, kept while a token of before may still be valid. */
import type { Kysely, Selectable } from 'kysely'
import type { AccountId, MeetingId } from '../contract/ids.ts'
import type { AccessEndTable, Tables } from './tables.ts'

export type AccessEndRecord = Selectable<AccessEndTable>

interface AccessScope {
  readonly sub?: AccountId
  readonly mid?: MeetingId
}

export interface AccessEndStore {
  add(end: AccessEndRecord): Promise<void>
  since(atMs: number): Promise<readonly AccessEndRecord[]>
  /** The latest that concerns this account, this meeting, or with both this account in this meeting; or null. */
  latest(scope: AccessScope): Promise<number | null>
  purge(beforeMs: number): Promise<void>
}

export function accessEndStore(db: Kysely<Tables>): AccessEndStore {
  return {
    add: async (end) => {
      await db.insertInto('accessEnds').values(end).execute()
    },
    since: (atMs) =>
      db.selectFrom('accessEnds').selectAll().where('atMs', '>=', atMs).orderBy('atMs').execute(),
    latest: async ({ sub, mid }) => {
      let query = db.selectFrom('accessEnds').select(({ fn }) => fn.max('atMs').as('atMs'))
      if (sub !== undefined) {
        query = query.where((row) =>
          row.or([row('accountId', '=', sub), row('accountId', 'is', null)]),
        )
      }
      if (mid !== undefined) {
        query = query.where((row) =>
          row.or([row('meetingId', '=', mid), row('meetingId', 'is', null)]),
        )
      }
      const row = await query.executeTakeFirst()
      // An aggregate of no rows is null, which Kysely's types leave out.
      return (row?.atMs as number | null | undefined) ?? null
    },
    purge: async (beforeMs) => {
      await db.deleteFrom('accessEnds').where('atMs', '<', beforeMs).execute()
    },
  }
}
