/** What tells the secrets of this installation from those of another. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const installation: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('installation')
      .addColumn('name', 'varchar(32)', (column) => column.primaryKey())
      .addColumn('mark', 'varchar(43)', (column) => column.notNull())
      .execute()
  },
}
