/** Many accounts in a database of their own, and how long the server takes to list them. */
import type { Narrowed } from '@huisclos/tmms/contract/people'
import type { AccountId } from '../../tmms/src/contract/ids.ts'
import type { Context } from '../../tmms/src/domain/context.ts'
import { listPeople } from '../../tmms/src/domain/people/list.ts'
import { accountRow } from '../../tmms/src/domain/people/person.ts'
import type { NewAccount } from '../../tmms/src/store/accounts.ts'
import { sqliteDialect } from '../../tmms/src/store/sqlite.ts'
import { openStore, type Store } from '../../tmms/src/store/store.ts'

export type Narrowing = Partial<Narrowed>

const AT_ONCE = 1000
const PAGE = 100
const FIRST = ['Jean', 'Marie', 'Ève', 'Zoé', 'Ada', 'Paul', 'Luc', 'Anne', 'Noé', 'Léa']
const LAST = ['Martin', 'Bernard', 'Dubois', 'Thomas', 'Robert', 'Richard', 'Petit', 'Durand']
const START_MS = Date.parse('2026-01-01T00:00:00Z')

export class Accounts {
  readonly #store: Store

  private constructor(store: Store) {
    this.#store = store
  }

  static async open(path: string): Promise<Accounts> {
    return new Accounts(await openStore(sqliteDialect(path)))
  }

  async fill(count: number): Promise<void> {
    for (let from = 0; from < count; from += AT_ONCE) {
      await this.#store.atomically(async (rows) => {
        for (let n = from; n < Math.min(count, from + AT_ONCE); n += 1) {
          const account = accountOf(n, count)
          await rows.accounts.add(account)
          if (n % 3 === 0) await rows.accounts.signedIn(account.id, START_MS + n * 60_000)
        }
      })
    }
  }

  /** Milliseconds for each of the first pages, from the question to the answer as text. */
  async timePages(narrowing: Narrowing, pages: number): Promise<readonly number[]> {
    const context = { store: this.#store } as Context
    const narrowed: Narrowed = { q: '', sort: 'created', order: 'desc', ...narrowing }
    const times: number[] = []
    let cursor: string | null = null
    do {
      const before = performance.now()
      const request = cursor === null ? {} : { cursor }
      const { rows, next }: Awaited<ReturnType<typeof listPeople>> = await listPeople(context, {
        ...narrowed,
        ...request,
        limit: PAGE,
      })
      JSON.stringify(rows.map(accountRow))
      times.push(performance.now() - before)
      cursor = next
    } while (cursor !== null && times.length < pages)
    return times
  }

  close(): Promise<void> {
    return this.#store.close()
  }
}

function accountOf(n: number, count: number): NewAccount {
  return {
    id: String(n).padStart(22, '0') as AccountId,
    email: `p${n}@m${n % 20}.gouv.example`,
    firstName: FIRST[n % FIRST.length] ?? '',
    lastName: `${LAST[Math.floor(n / 10) % LAST.length] ?? ''}${n % 977}`,
    role: n % 1000 === 0 ? 'administrator' : n % 10 === 0 ? 'organiser' : 'user',
    state: n % 5000 === 1 ? 'disabled' : n % 4 === 0 ? 'invited' : 'active',
    language: 'fr',
    // Of another order than the numbers.
    createdAt: START_MS + ((n * 7919) % count) * 1000,
  }
}
