/** The domain of each address, so that the people of a group are found without looking at everybody. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { domainOf } from '../../domain/accounts/domain-of.ts'

interface Then {
  readonly accounts: {
    readonly id: string
    readonly email: string
    readonly state: string
    readonly domain: string
  }
}

const AT_ONCE = 500

export const domains: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .alterTable('accounts')
      .addColumn('domain', 'varchar(254)', (column) => column.notNull().defaultTo(''))
      .execute()
    await db.schema
      .createIndex('accounts_by_domain')
      .on('accounts')
      .columns(['domain', 'id'])
      .execute()
    await fill(db)
  },
}

async function fill(db: Kysely<Then>): Promise<void> {
  for (let after = ''; ;) {
    const query = db.selectFrom('accounts').select(['id', 'email', 'state'])
    const rows = await query.where('id', '>', after).orderBy('id').limit(AT_ONCE).execute()
    for (const { id, email, state } of rows) {
      if (state === 'deleted') continue
      await db
        .updateTable('accounts')
        .set({ domain: domainOf(email) })
        .where('id', '=', id)
        .execute()
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < AT_ONCE) return
    after = last.id
  }
}
