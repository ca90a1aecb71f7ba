/** Accounts, credentials, sessions, links, meetings and who is invited to them. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

type Database = Kysely<unknown>

export const initial: Migration = {
  up: async (db: Database) => {
    await people(db)
    await waysIn(db)
    await meetings(db)
  },
}

async function people(db: Database): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('id', 'varchar(22)', (column) => column.primaryKey())
    .addColumn('email', 'varchar(254)', (column) => column.notNull().unique())
    .addColumn('first_name', 'varchar(80)', (column) => column.notNull())
    .addColumn('last_name', 'varchar(80)', (column) => column.notNull())
    .addColumn('role', 'varchar(16)', (column) => column.notNull())
    .addColumn('state', 'varchar(16)', (column) => column.notNull())
    .addColumn('language', 'varchar(8)', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('credentials')
    .addColumn('account_id', 'varchar(22)', (column) =>
      column.primaryKey().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('v', 'integer', (column) => column.notNull())
    .addColumn('salt', 'varchar(64)', (column) => column.notNull())
    .addColumn('m', 'integer', (column) => column.notNull())
    .addColumn('t', 'integer', (column) => column.notNull())
    .addColumn('p', 'integer', (column) => column.notNull())
    .addColumn('s2', 'varchar(64)', (column) => column.notNull())
    .addColumn('stored', 'varchar(128)', (column) => column.notNull())
    .execute()
}

async function waysIn(db: Database): Promise<void> {
  await db.schema
    .createTable('sessions')
    .addColumn('token_hash', 'varchar(43)', (column) => column.primaryKey())
    .addColumn('account_id', 'varchar(22)', (column) =>
      column.notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('sessions_by_account').on('sessions').column('account_id').execute()
  await db.schema
    .createTable('known_devices')
    .addColumn('device_hash', 'varchar(43)', (column) => column.notNull())
    .addColumn('account_id', 'varchar(22)', (column) =>
      column.notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('known_devices_key', ['device_hash', 'account_id'])
    .execute()
}

async function meetings(db: Database): Promise<void> {
  await db.schema
    .createTable('meetings')
    .addColumn('id', 'varchar(22)', (column) => column.primaryKey())
    .addColumn('organiser_id', 'varchar(22)', (column) =>
      column.notNull().references('accounts.id'),
    )
    .addColumn('title', 'varchar(120)', (column) => column.notNull())
    .addColumn('starts_at', 'bigint', (column) => column.notNull())
    .addColumn('duration_min', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('cancelled_at', 'bigint')
    .addColumn('msid', 'varchar(22)')
    .execute()
  await db.schema
    .createIndex('meetings_by_organiser')
    .on('meetings')
    .column('organiser_id')
    .execute()
  await invites(db)
  await links(db)
}

async function invites(db: Database): Promise<void> {
  await db.schema
    .createTable('invites')
    .addColumn('meeting_id', 'varchar(22)', (column) =>
      column.notNull().references('meetings.id').onDelete('cascade'),
    )
    .addColumn('account_id', 'varchar(22)', (column) =>
      column.notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('invited_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('invites_key', ['meeting_id', 'account_id'])
    .execute()
  await db.schema.createIndex('invites_by_account').on('invites').column('account_id').execute()
}

async function links(db: Database): Promise<void> {
  await db.schema
    .createTable('links')
    .addColumn('token_hash', 'varchar(43)', (column) => column.primaryKey())
    .addColumn('purpose', 'varchar(16)', (column) => column.notNull())
    .addColumn('account_id', 'varchar(22)', (column) =>
      column.references('accounts.id').onDelete('cascade'),
    )
    .addColumn('meeting_id', 'varchar(22)', (column) =>
      column.references('meetings.id').onDelete('set null'),
    )
    .addColumn('salt', 'varchar(64)', (column) => column.notNull())
    .addColumn('m', 'integer', (column) => column.notNull())
    .addColumn('t', 'integer', (column) => column.notNull())
    .addColumn('p', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('used_at', 'bigint')
    .execute()
  await db.schema.createIndex('links_by_account').on('links').column('account_id').execute()
}
