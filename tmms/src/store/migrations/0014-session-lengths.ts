/** Whether a session is remembered, when it was used, and after how long without use it ends. */
import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const sessionLengths: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .alterTable('sessions')
      .addColumn('remembered', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema
      .alterTable('sessions')
      .addColumn('used_at', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema.alterTable('sessions').addColumn('idle_ms', 'bigint').execute()
    // Until then a session lived twelve hours, or was remembered for thirty days.
    await sql`update sessions set used_at = created_at`.execute(db)
    await sql`update sessions set remembered = 1 where expires_at - created_at > 43200000`.execute(
      db,
    )
  },
}
