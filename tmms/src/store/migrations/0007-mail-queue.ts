/** Mails that wait, and how often a meeting was changed. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const mailQueue: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('mails')
      .addColumn('id', 'varchar(22)', (column) => column.primaryKey())
      .addColumn('kind', 'varchar(16)', (column) => column.notNull())
      .addColumn('recipient', 'varchar(254)', (column) => column.notNull())
      .addColumn('language', 'varchar(8)', (column) => column.notNull())
      .addColumn('content', 'text', (column) => column.notNull())
      .addColumn('state', 'varchar(16)', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('give_up_at', 'bigint', (column) => column.notNull())
      .addColumn('next_try_at', 'bigint', (column) => column.notNull())
      .addColumn('tries', 'integer', (column) => column.notNull())
      .addColumn('tried_at', 'bigint')
      .addColumn('answer', 'text', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .execute()
    await db.schema.createIndex('mails_due').on('mails').columns(['state', 'next_try_at']).execute()
    await db.schema
      .createIndex('mails_listed')
      .on('mails')
      .columns(['state', 'created_at', 'id'])
      .execute()
    await db.schema
      .alterTable('meetings')
      .addColumn('sequence', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
  },
}
