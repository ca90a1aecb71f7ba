/** Meetings as administrators find and end them, who was in from when to when, and what is deleted by age. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { wordsOf } from '../../domain/accounts/search-words.ts'

interface Then {
  readonly meetings: { readonly id: string; readonly title: string }
  readonly meetingWords: { readonly meetingId: string; readonly word: string }
}

const AT_ONCE = 200

export const meetingsAdmin: Migration = {
  up: async (db: Kysely<unknown>) => {
    // When an administrator ended it; null while nobody did.
    await db.schema.alterTable('meetings').addColumn('ended_at', 'bigint').execute()
    await words(db)
    await stays(db)
    await indexes(db)
    await fill(db)
  },
}

async function words(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('meeting_words')
    .addColumn('meeting_id', 'varchar(22)', (column) =>
      column.notNull().references('meetings.id').onDelete('cascade'),
    )
    .addColumn('word', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('meeting_words_key', ['meeting_id', 'word'])
    .execute()
  await db.schema
    .createIndex('meeting_words_by_word')
    .on('meeting_words')
    .columns(['word', 'meeting_id'])
    .execute()
}

async function stays(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('stays')
    .addColumn('id', 'varchar(22)', (column) => column.primaryKey())
    .addColumn('meeting_id', 'varchar(22)', (column) =>
      column.notNull().references('meetings.id').onDelete('cascade'),
    )
    .addColumn('account_id', 'varchar(22)', (column) =>
      column.notNull().references('accounts.id').onDelete('cascade'),
    )
    .addColumn('joined_at', 'bigint', (column) => column.notNull())
    .addColumn('left_at', 'bigint')
    .execute()
}

async function indexes(db: Kysely<unknown>): Promise<void> {
  const indexed = [
    ['meetings_by_organiser_and_start', 'meetings', ['organiser_id', 'starts_at', 'id']],
    ['meetings_by_start_and_id', 'meetings', ['starts_at', 'id']],
    ['meetings_by_cancellation', 'meetings', ['cancelled_at']],
    ['stays_by_meeting', 'stays', ['meeting_id', 'joined_at', 'id']],
    ['stays_by_account', 'stays', ['account_id']],
    ['stays_by_end', 'stays', ['left_at']],
    ['attendance_by_token', 'attendance', ['token_at']],
    ['attendance_by_account', 'attendance', ['account_id']],
    ['mails_by_end', 'mails', ['ended_at']],
  ] as const
  for (const [name, table, columns] of indexed) {
    await db.schema
      .createIndex(name)
      .on(table)
      .columns([...columns])
      .execute()
  }
}

async function fill(db: Kysely<Then>): Promise<void> {
  for (let after = ''; ;) {
    const query = db.selectFrom('meetings').select(['id', 'title']).where('id', '>', after)
    const rows = await query.orderBy('id').limit(AT_ONCE).execute()
    const found = rows.flatMap(({ id, title }) =>
      wordsOf(title).map((word) => ({ meetingId: id, word })),
    )
    if (found.length > 0) await db.insertInto('meetingWords').values(found).execute()
    const last = rows.at(-1)
    if (last === undefined || rows.length < AT_ONCE) return
    after = last.id
  }
}
