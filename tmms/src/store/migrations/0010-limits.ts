/** What was taken from budgets against guessing, and which device proofs were used. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const limits: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('limits')
      .addColumn('name', 'varchar(24)', (column) => column.notNull())
      .addColumn('key', 'varchar(43)', (column) => column.notNull())
      .addColumn('count', 'integer', (column) => column.notNull())
      .addColumn('until', 'bigint', (column) => column.notNull())
      .addColumn('forget_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('limits_key', ['name', 'key'])
      .execute()
    await db.schema
      .createIndex('limits_by_forget_at')
      .on('limits')
      .columns(['name', 'forget_at'])
      .execute()
  },
}
