import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqliteDialect } from '../../store/sqlite.ts'
import { openStore, type Store } from '../../store/store.ts'
import { Budget, giveBackEach, takeEach } from './budget.ts'
import { purgeLimits } from './names.ts'
import { bucket } from './rules.ts'

const SIZE = { capacity: 2, perSecond: 0.1 } as const

let folder: string
let store: Store
let transactions = 0
let nowMs = 1_790_000_000_000
const now = () => nowMs
const fresh = () => new Budget('sign-in-network', bucket(SIZE), now)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tmms-budget-'))
  const real = await openStore(sqliteDialect(join(folder, 'huisclos.db')))
  transactions = 0
  store = {
    ...real,
    hastily: (work) => {
      transactions += 1
      return real.hastily(work)
    },
  }
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'ok',
    (error: unknown) => {
      const { code, retryAfterS } = error as { code: string; retryAfterS?: number }
      return retryAfterS === undefined ? code : [code, retryAfterS]
    },
  )
const take = (budget: Budget, of = 'a') => outcome(takeEach(store, [{ budget, of }]))

describe('a budget', () => {
  it('says how long to wait, and is one for all who count it', async () => {
    const [one, other] = [fresh(), fresh()]
    expect([await take(one), await take(other)]).toEqual(['ok', 'ok'])
    expect(await take(one)).toEqual(['too-many-tries', 10])
    expect(await take(other)).toEqual(['too-many-tries', 10])
  })

  it('Q8 a flood that is refused asks the database once a second', async () => {
    const budget = fresh()
    for (let n = 0; n < 3; n += 1) await take(budget)
    const before = transactions
    for (let n = 0; n < 100; n += 1) expect(await take(budget)).toEqual(['too-many-tries', 10])
    expect(transactions).toBe(before)
    nowMs += 1_000
    for (let n = 0; n < 100; n += 1) expect(await take(budget)).toEqual(['too-many-tries', 9])
    expect(transactions).toBe(before + 1)
  })

  it('Q10 is open again a second after another process gave back', async () => {
    const [one, other] = [fresh(), fresh()]
    for (let n = 0; n < 3; n += 1) await take(one)
    await giveBackEach(store, [{ budget: other, of: 'a' }])
    expect(await take(one)).toEqual(['too-many-tries', 10])
    nowMs += 1_000
    expect(await take(one)).toBe('ok')
  })

  it('O7 a clock that was set back makes no refusal longer', async () => {
    const budget = fresh()
    for (let n = 0; n < 3; n += 1) await take(budget)
    nowMs -= 3_600_000
    expect(await take(budget)).toBe('ok')
  })

  it('is taken with others or not at all', async () => {
    const [whole, empty] = [fresh(), new Budget('sign-in-all', bucket(SIZE), now)]
    const shares = [
      { budget: whole, of: 'a' },
      { budget: empty, of: '' },
    ]
    await take(empty, '')
    await take(empty, '')
    for (const waitS of [10, 9, 8]) {
      expect(await outcome(takeEach(store, shares))).toEqual(['too-many-tries', waitS])
      nowMs += 1_000
    }
    expect([await take(whole), await take(whole)]).toEqual(['ok', 'ok'])
  })

  it('O5 of a database that somebody else holds is answered with unavailable', async () => {
    const holder = new DatabaseSync(join(folder, 'huisclos.db'))
    holder.exec('BEGIN IMMEDIATE')
    expect(await take(fresh())).toBe('unavailable')
    holder.exec('ROLLBACK')
    holder.close()
    expect(await take(fresh())).toBe('ok')
  })

  it('is forgotten when it is whole again, and holds neither address nor name', async () => {
    await take(fresh(), 'ada@example.org')
    const rows = () => {
      const db = new DatabaseSync(join(folder, 'huisclos.db'))
      const all = db.prepare('SELECT * FROM limits').all()
      db.close()
      return all
    }
    expect(JSON.stringify(rows())).not.toContain('ada')
    expect(rows()).toHaveLength(1)
    nowMs += 10_000
    await purgeLimits({ store, now })
    expect(rows()).toHaveLength(0)
  })
})
