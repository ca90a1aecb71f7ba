/** Rights that ended while tokens of before may still be about, and who last got a token for which meeting. */
import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const endsOfRights: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('access_ends')
      .addColumn('account_id', 'varchar(22)')
      .addColumn('meeting_id', 'varchar(22)')
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'varchar(16)', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('access_ends_by_time').on('access_ends').column('at_ms').execute()
    await sql`insert into access_ends (account_id, meeting_id, at_ms, reason)
      select account_id, meeting_id, excluded_at, 'removed' from invites
      where excluded_at is not null`.execute(db)
    await db.schema
      .createTable('attendance')
      .addColumn('meeting_id', 'varchar(22)', (column) =>
        column.notNull().references('meetings.id').onDelete('cascade'),
      )
      .addColumn('account_id', 'varchar(22)', (column) =>
        column.notNull().references('accounts.id').onDelete('cascade'),
      )
      .addColumn('token_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('attendance_key', ['meeting_id', 'account_id'])
      .execute()
  },
}
