import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CamelCasePlugin, Kysely, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountId } from '../contract/ids.ts'
import { accountStore, type NewAccount } from './accounts.ts'
import { MIGRATIONS, migrate } from './migrate.ts'
import { sqliteDialect } from './sqlite.ts'
import { openStore } from './store.ts'
import type { Tables } from './tables.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tmms-store-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = (): string => join(folder, 'huisclos.db')
const ada = (email = 'ada@example.org'): NewAccount => ({
  id: `id-${email}` as AccountId,
  email,
  firstName: 'Ada',
  lastName: 'Lovelace',
  role: 'user',
  state: 'active',
  language: 'en',
  createdAt: 1_790_000_000_123,
})

/** There is room for what fits into the pages that are there. */
async function nearlyFull() {
  const db = new Kysely<Tables>({
    dialect: sqliteDialect(file()),
    plugins: [new CamelCasePlugin()],
  })
  await migrate(db)
  const accounts = accountStore(db)
  await accounts.add(ada())
  await sql`PRAGMA max_page_count = 1`.execute(db)
  return { db, accounts }
}

describe('the store', () => {
  it('makes its tables in an empty database and keeps what is written', async () => {
    const store = await openStore(sqliteDialect(file()))
    await store.accounts.add(ada())
    await store.close()
    const again = await openStore(sqliteDialect(file()))
    expect(await again.accounts.byEmail('ada@example.org')).toMatchObject(ada())
    await again.close()
  })

  it('brings an existing database to the newest shape without losing rows', async () => {
    const before = await openStore(sqliteDialect(file()))
    await before.accounts.add(ada())
    await before.close()
    const dialect = sqliteDialect(file())
    const db = new Kysely<Tables>({ dialect, plugins: [new CamelCasePlugin()] })
    const next = {
      ...MIGRATIONS,
      '9999-next': {
        up: (old: Kysely<unknown>) =>
          old.schema.alterTable('accounts').addColumn('note', 'text').execute(),
      },
    }
    await migrate(db, next)
    const rows = await db.selectFrom('accounts').selectAll().execute()
    expect(rows).toMatchObject([{ ...ada(), note: null }])
    await db.destroy()
  })

  it('U3 finds who was there before words were kept in every spelling', async () => {
    const dialect = sqliteDialect(file())
    const db = new Kysely<Tables>({ dialect, plugins: [new CamelCasePlugin()] })
    const then = Object.entries(MIGRATIONS).filter(([name]) => name < '0017')
    await migrate(db, Object.fromEntries(then))
    await accountStore(db).add({ ...ada(), firstName: 'Jürgen', lastName: 'O’Brien' })
    await db.deleteFrom('accountWords').where('word', 'not in', ['jurgen', 'o', 'brien']).execute()
    await migrate(db)
    const words = (await db.selectFrom('accountWords').selectAll().execute()).map(
      ({ word }) => word,
    )
    expect(words).toEqual(expect.arrayContaining(['jurgen', 'juergen', 'obrien', 'brien']))
    await db.destroy()
  })

  it('undoes a step that fails and says that the database is unavailable', async () => {
    const dialect = sqliteDialect(file())
    const db = new Kysely<Tables>({ dialect, plugins: [new CamelCasePlugin()] })
    const broken = {
      '0001-broken': {
        up: async (empty: Kysely<unknown>) => {
          await empty.schema.createTable('half').addColumn('x', 'integer').execute()
          throw new Error('no further')
        },
      },
    }
    await expect(migrate(db, broken)).rejects.toMatchObject({ code: 'unavailable' })
    const tables = await db.introspection.getTables()
    expect(tables.map(({ name }) => name)).not.toContain('half')
    await db.destroy()
  })

  it('O5 a full disk is told as unavailable; what was written stays, and writing goes on when there is room', async () => {
    const { db, accounts } = await nearlyFull()
    const many = async (): Promise<void> => {
      for (let n = 0; n < 1000; n += 1) await accounts.add(ada(`ada${n}@example.org`))
    }
    await expect(many()).rejects.toMatchObject({ code: 'unavailable' })
    expect(await accounts.byEmail('ada@example.org')).toMatchObject(ada())
    await sql`PRAGMA max_page_count = 100000`.execute(db)
    await accounts.add(ada('grace@example.org'))
    await db.destroy()
  })

  it('O5 a transaction that the full disk ended is told so, whole undone, and the next one is whole', async () => {
    const { db, accounts } = await nearlyFull()
    const before = await accounts.byEmail('ada@example.org')
    const many = db.transaction().execute(async (transaction) => {
      for (let n = 0; n < 1000; n += 1)
        await accountStore(transaction).add(ada(`ada${n}@example.org`))
    })
    await expect(many).rejects.toMatchObject({ code: 'unavailable', cause: { errcode: 13 } })
    expect(await accounts.byEmail('ada0@example.org')).toBeUndefined()
    expect(await accounts.byEmail('ada@example.org')).toEqual(before)
    await sql`PRAGMA max_page_count = 100000`.execute(db)
    await db.transaction().execute((transaction) => accountStore(transaction).add(ada('g@x.org')))
    expect(await accounts.byEmail('g@x.org')).toBeDefined()
    await db.destroy()
  })

  it('O5 nothing is written by whoever goes on in a transaction that the full disk ended', async () => {
    const { db, accounts } = await nearlyFull()
    const deaf = db.transaction().execute(async (transaction) => {
      const inside = accountStore(transaction)
      for (let n = 0; n < 1000; n += 1)
        await inside.add(ada(`ada${n}@example.org`)).catch(() => undefined)
      await sql`PRAGMA max_page_count = 100000`.execute(transaction).catch(() => undefined)
      await inside.add(ada('late@example.org')).catch(() => undefined)
    })
    await expect(deaf).rejects.toMatchObject({ code: 'unavailable' })
    expect(await accounts.byEmail('late@example.org')).toBeUndefined()
    expect(await accounts.byEmail('ada0@example.org')).toBeUndefined()
    await db.destroy()
  })

  it('writes nothing of a transaction that fails', async () => {
    const store = await openStore(sqliteDialect(file()))
    const failing = store.atomically(async (rows) => {
      await rows.accounts.add(ada())
      await rows.accounts.add(ada())
    })
    await expect(failing).rejects.toThrow()
    expect(await store.people.count({ words: [] })).toBe(0)
    await store.close()
  })

  it('refuses a credential without an account', async () => {
    const store = await openStore(sqliteDialect(file()))
    const accountId = 'nobody' as AccountId
    const orphan = { accountId, v: 1, salt: 's', m: 1, t: 1, p: 1, s2: 's', stored: 's' }
    await expect(store.accounts.keepCredential(orphan)).rejects.toThrow(/FOREIGN KEY/)
    await store.close()
  })

  it('is durable, journalled and readable by its owner only', async () => {
    const store = await openStore(sqliteDialect(file()))
    await store.accounts.add(ada())
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(existsSync(`${file()}-wal`)).toBe(true)
    const other = new DatabaseSync(file())
    expect(other.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
    other.close()
    await store.close()
  })

  it('lets one of two users of a link through', async () => {
    const store = await openStore(sqliteDialect(file()))
    const link = { tokenHash: 'h', purpose: 'setup' as const, accountId: null, meetingId: null }
    const params = { salt: 's', m: 1, t: 1, p: 1, createdAt: 1, expiresAt: null, usedAt: null }
    await store.links.add({ ...link, ...params })
    const used = await Promise.all([store.links.use('h', 2), store.links.use('h', 3)])
    expect(used.filter(Boolean)).toHaveLength(1)
    await store.close()
  })
})
