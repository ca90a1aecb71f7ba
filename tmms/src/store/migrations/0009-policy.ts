/** Groups of people and what they restrict; the profile of a meeting, and what it was planned with. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const policy: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('groups')
      .addColumn('id', 'varchar(22)', (column) => column.primaryKey())
      .addColumn('name', 'varchar(80)', (column) => column.notNull())
      .addColumn('plain_name', 'varchar(200)', (column) => column.notNull().unique())
      .addColumn('restrictions', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('group_members')
      .addColumn('group_id', 'varchar(22)', (column) =>
        column.notNull().references('groups.id').onDelete('cascade'),
      )
      .addColumn('account_id', 'varchar(22)', (column) =>
        column.notNull().references('accounts.id').onDelete('cascade'),
      )
      .addColumn('added_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('group_members_key', ['group_id', 'account_id'])
      .execute()
    await db.schema
      .createIndex('group_members_by_account')
      .on('group_members')
      .column('account_id')
      .execute()
    await db.schema
      .createTable('group_domains')
      .addColumn('group_id', 'varchar(22)', (column) =>
        column.notNull().references('groups.id').onDelete('cascade'),
      )
      .addColumn('domain', 'varchar(254)', (column) => column.notNull())
      .addPrimaryKeyConstraint('group_domains_key', ['group_id', 'domain'])
      .execute()
    await db.schema
      .createIndex('group_domains_by_domain')
      .on('group_domains')
      .column('domain')
      .execute()
    await db.schema
      .createTable('profiles')
      .addColumn('name', 'varchar(16)', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('preset', 'integer', (column) => column.notNull())
      .execute()
    // Meetings planned before were restricted by nothing.
    await db.schema
      .alterTable('meetings')
      .addColumn('profile', 'varchar(16)', (column) => column.notNull().defaultTo('open'))
      .execute()
    await db.schema
      .alterTable('meetings')
      .addColumn('restrictions', 'text', (column) => column.notNull().defaultTo('{}'))
      .execute()
    await db.schema.alterTable('meetings').addColumn('max_duration_min', 'integer').execute()
    await db.schema
      .createIndex('meetings_by_starts_at')
      .on('meetings')
      .column('starts_at')
      .execute()
  },
}
