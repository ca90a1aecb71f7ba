/** What administrators set in the panel, one row an area. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const settings: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('settings')
      .addColumn('area', 'varchar(32)', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .execute()
  },
}
