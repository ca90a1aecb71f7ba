/** What a mail is about, so that a newer one replaces it, and whether its recipient may know of that. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const mailSubjects: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .alterTable('mails')
      .addColumn('about', 'varchar(22)', (column) => column.notNull().defaultTo(''))
      .execute()
    // Of older mails it is not known whether a try came through.
    await db.schema
      .alterTable('mails')
      .addColumn('reached', 'integer', (column) => column.notNull().defaultTo(1))
      .execute()
    await db.schema.createIndex('mails_about').on('mails').columns(['about', 'recipient']).execute()
    await db.schema.createIndex('mails_for').on('mails').columns(['recipient', 'state']).execute()
  },
}
