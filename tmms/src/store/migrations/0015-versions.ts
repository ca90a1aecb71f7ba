/** How often settings, groups and profiles were changed, so that nobody saves over what they have not seen. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const versions: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const table of ['settings', 'groups', 'profiles']) {
      await db.schema
        .alterTable(table)
        .addColumn('version', 'integer', (column) => column.notNull().defaultTo(1))
        .execute()
    }
  },
}
