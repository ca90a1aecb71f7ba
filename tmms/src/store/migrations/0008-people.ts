/** What lists of people are searched and sorted by, when somebody last signed in, and the version of an account. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { nameKey, searchWords, type Searched } from '../../domain/accounts/search-words.ts'

interface Then {
  readonly accounts: Searched & { readonly id: string; readonly nameKey: string }
  readonly accountWords: { readonly accountId: string; readonly word: string }
}

const AT_ONCE = 200

export const people: Migration = {
  up: async (db: Kysely<unknown>) => {
    await columns(db)
    await words(db)
    await indexes(db)
    await fill(db)
  },
}

async function columns(db: Kysely<unknown>): Promise<void> {
  const table = db.schema.alterTable('accounts')
  // 0: never. A column without nulls has one order in every database.
  await table
    .addColumn('last_sign_in_at', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute()
  await table.addColumn('name_key', 'text', (column) => column.notNull().defaultTo('')).execute()
  await table.addColumn('version', 'integer', (column) => column.notNull().defaultTo(1)).execute()
  // Whoever changes who administers takes this row first, so that two such changes come one after the other.
  await db.schema
    .createTable('turns')
    .addColumn('name', 'varchar(32)', (column) => column.primaryKey())
    .addColumn('taken', 'bigint', (column) => column.notNull())
    .execute()
}

/** Words are found by how they begin: PostgreSQL must order them by code points, as SQLite does (collation C). */
async function words(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('account_words')
    .addColumn('account_id', 'varchar(22)', (column) =>
      column.notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('word', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('account_words_key', ['account_id', 'word'])
    .execute()
  await db.schema
    .createIndex('account_words_by_word')
    .on('account_words')
    .columns(['word', 'account_id'])
    .execute()
}

async function indexes(db: Kysely<unknown>): Promise<void> {
  const indexed = {
    accounts_by_name: ['name_key', 'id'],
    accounts_by_email: ['email', 'id'],
    accounts_by_creation: ['created_at', 'id'],
    accounts_by_sign_in: ['last_sign_in_at', 'id'],
    accounts_by_state: ['state', 'role'],
    accounts_by_role: ['role', 'state'],
  }
  for (const [name, ofColumns] of Object.entries(indexed)) {
    await db.schema.createIndex(name).on('accounts').columns(ofColumns).execute()
  }
  await db.schema
    .createIndex('devices_by_account')
    .on('known_devices')
    .column('account_id')
    .execute()
}

async function fill(db: Kysely<Then>): Promise<void> {
  for (let after = ''; ;) {
    const query = db.selectFrom('accounts').select(['id', 'email', 'firstName', 'lastName'])
    const rows = await query.where('id', '>', after).orderBy('id').limit(AT_ONCE).execute()
    for (const row of rows) {
      const key = nameKey(row)
      await db.updateTable('accounts').set({ nameKey: key }).where('id', '=', row.id).execute()
      const found = searchWords(row).map((word) => ({ accountId: row.id, word }))
      await db.insertInto('accountWords').values(found).execute()
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < AT_ONCE) return
    after = last.id
  }
}
