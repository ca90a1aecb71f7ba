/** What people and meetings are found by, in each way in which their words are spelled. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { nameKey, searchWords, wordsOf, type Searched } from '../../domain/accounts/search-words.ts'

interface Then {
  readonly accounts: Searched & { readonly id: string; readonly nameKey: string }
  readonly accountWords: { readonly accountId: string; readonly word: string }
  readonly meetings: { readonly id: string; readonly title: string }
  readonly meetingWords: { readonly meetingId: string; readonly word: string }
}

const AT_ONCE = 200

export const searchSpellings: Migration = {
  up: async (db: Kysely<Then>) => {
    await each(
      (after) =>
        db
          .selectFrom('accounts')
          .select(['id', 'email', 'firstName', 'lastName'])
          .where('id', '>', after)
          .orderBy('id')
          .limit(AT_ONCE)
          .execute(),
      async (account) => {
        const { id } = account
        const words = searchWords(account).map((word) => ({ accountId: id, word }))
        const key = nameKey(account)
        await db.updateTable('accounts').set({ nameKey: key }).where('id', '=', id).execute()
        await db.deleteFrom('accountWords').where('accountId', '=', id).execute()
        await db.insertInto('accountWords').values(words).execute()
      },
    )
    await each(
      (after) =>
        db
          .selectFrom('meetings')
          .select(['id', 'title'])
          .where('id', '>', after)
          .orderBy('id')
          .limit(AT_ONCE)
          .execute(),
      async ({ id, title }) => {
        const words = wordsOf(title).map((word) => ({ meetingId: id, word }))
        await db.deleteFrom('meetingWords').where('meetingId', '=', id).execute()
        if (words.length > 0) await db.insertInto('meetingWords').values(words).execute()
      },
    )
  },
}

async function each<Row extends { readonly id: string }>(
  read: (after: string) => Promise<readonly Row[]>,
  work: (row: Row) => Promise<void>,
): Promise<void> {
  for (let after = ''; ;) {
    const rows = await read(after)
    for (const row of rows) await work(row)
    const last = rows.at(-1)
    if (last === undefined || rows.length < AT_ONCE) return
    after = last.id
  }
}
