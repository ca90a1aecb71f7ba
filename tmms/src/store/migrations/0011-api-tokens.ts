/** API tokens of administrators. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const apiTokens: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('api_tokens')
      .addColumn('id', 'varchar(22)', (column) => column.primaryKey())
      .addColumn('token_hash', 'varchar(43)', (column) => column.notNull().unique())
      .addColumn('account_id', 'varchar(22)', (column) =>
        column.notNull().references('accounts.id').onDelete('cascade'),
      )
      .addColumn('name', 'varchar(80)', (column) => column.notNull())
      .addColumn('scopes', 'varchar(200)', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('last_used_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createIndex('api_tokens_by_account')
      .on('api_tokens')
      .column('account_id')
      .execute()
    await db.schema
      .createIndex('api_tokens_by_created_at')
      .on('api_tokens')
      .columns(['created_at', 'id'])
      .execute()
  },
}
