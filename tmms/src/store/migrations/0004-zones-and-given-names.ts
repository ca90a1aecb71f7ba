/** The time zone in which a meeting was planned, and the names that its organiser gave to the invited. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const zonesAndGivenNames: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .alterTable('meetings')
      .addColumn('zone', 'varchar(64)', (column) => column.notNull().defaultTo(''))
      .execute()
    await db.schema
      .alterTable('invites')
      .addColumn('given_name', 'varchar(161)', (column) => column.notNull().defaultTo(''))
      .execute()
  },
}
