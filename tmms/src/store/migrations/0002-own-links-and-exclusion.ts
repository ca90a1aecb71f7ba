/** Meetings whose link carries a secret of the organiser's, and people put out of a meeting. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const ownLinksAndExclusion: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .alterTable('meetings')
      .addColumn('own_link', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema.alterTable('invites').addColumn('excluded_at', 'bigint').execute()
  },
}
