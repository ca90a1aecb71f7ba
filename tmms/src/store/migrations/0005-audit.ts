/** The audit log. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const audit: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('audit_entries')
      .addColumn('n', 'integer', (column) => column.primaryKey())
      .addColumn('time_ms', 'bigint', (column) => column.notNull())
      .addColumn('actor_kind', 'varchar(16)', (column) => column.notNull())
      .addColumn('actor_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('actor_name', 'text', (column) => column.notNull())
      .addColumn('action', 'varchar(32)', (column) => column.notNull())
      .addColumn('object_kind', 'varchar(16)', (column) => column.notNull())
      .addColumn('object_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('object_name', 'text', (column) => column.notNull())
      .addColumn('from_address', 'varchar(64)', (column) => column.notNull())
      .addColumn('details', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createIndex('audit_by_actor')
      .on('audit_entries')
      .columns(['actor_id', 'n'])
      .execute()
    await db.schema
      .createIndex('audit_by_object')
      .on('audit_entries')
      .columns(['object_id', 'n'])
      .execute()
    await db.schema
      .createIndex('audit_by_action')
      .on('audit_entries')
      .columns(['action', 'n'])
      .execute()
  },
}
