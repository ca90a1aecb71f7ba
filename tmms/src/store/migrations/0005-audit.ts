/** The audit log: its lines, the nodes of the tree over them, and the checkpoints that were signed. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const audit: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('audit_entries')
      .addColumn('n', 'bigint', (column) => column.primaryKey())
      .addColumn('time_ms', 'bigint', (column) => column.notNull())
      .addColumn('actor_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('action', 'varchar(32)', (column) => column.notNull())
      .addColumn('object_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('search', 'text', (column) => column.notNull())
      .addColumn('line', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('audit_nodes')
      .addColumn('level', 'integer', (column) => column.notNull())
      .addColumn('position', 'bigint', (column) => column.notNull())
      .addColumn('hash', 'varchar(44)', (column) => column.notNull())
      .addPrimaryKeyConstraint('audit_nodes_key', ['level', 'position'])
      .execute()
    await db.schema
      .createTable('audit_checkpoints')
      .addColumn('size', 'bigint', (column) => column.primaryKey())
      .addColumn('time_ms', 'bigint', (column) => column.notNull())
      .addColumn('note', 'text', (column) => column.notNull())
      .execute()
    for (const column of ['actor_id', 'object_id', 'action']) {
      await db.schema
        .createIndex(`audit_by_${column}`)
        .on('audit_entries')
        .columns([column, 'n'])
        .execute()
    }
  },
}
