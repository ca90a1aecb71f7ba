import { expect, test } from 'vitest'
import type { AccountId, GroupId } from '../contract/ids.ts'
import type { NewAccount } from './accounts.ts'
import type { PeopleFilter } from './people-filter.ts'
import type { PeopleOrder, PeoplePlace } from './people.ts'
import { sqliteDialect } from './sqlite.ts'
import { openStore, type Store } from './store.ts'

const MANY = 2500
/** A place in an order that has nothing to do with the order of the numbers. */
const mixed = (n: number): number => (n * 7919) % MANY
const idOf = (n: number): AccountId => String(n).padStart(22, '0') as AccountId
const person = (n: number): NewAccount => ({
  id: idOf(n),
  email: `p${n}@x.org`,
  firstName: n % 2 === 0 ? 'Ève' : 'Jean',
  lastName: `Nom${String(mixed(n)).padStart(5, '0')}`,
  role: n % 1000 === 0 ? 'administrator' : 'user',
  state: n % 700 === 1 ? 'disabled' : 'active',
  language: 'fr',
  createdAt: Math.floor(mixed(n) / 10),
})

async function withPeople(count: number, work: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore(sqliteDialect(':memory:'))
  await store.atomically(async (rows) => {
    for (let n = 0; n < count; n += 1) await rows.accounts.add(person(n))
  })
  await work(store)
  await store.close()
}

const all: PeopleFilter = { words: [] }
interface Asked {
  readonly order: PeopleOrder
  readonly descending?: boolean
  readonly limit?: number
}

async function everybody(
  store: Store,
  filter: PeopleFilter,
  { order, descending = false, limit = 100 }: Asked,
): Promise<{ emails: string[]; pages: number }> {
  const emails: string[] = []
  let after: PeoplePlace | null = null
  let pages = 0
  do {
    const page = await store.people.page({ order, descending, limit, after }, filter)
    expect(page.rows.length).toBeLessThanOrEqual(limit)
    emails.push(...page.rows.map(({ email }) => email))
    after = page.next
    pages += 1
  } while (after !== null)
  return { emails, pages }
}

test('each list shows everybody once, in its order, both ways', () =>
  withPeople(250, async (store) => {
    for (const order of ['name', 'email', 'created', 'lastSignIn'] as const) {
      const up = await everybody(store, all, { order, limit: 7 })
      const down = await everybody(store, all, { order, limit: 250, descending: true })
      expect(new Set(up.emails).size).toBe(250)
      expect(down.emails).toEqual(up.emails.toReversed())
    }
    const { emails } = await everybody(store, all, { order: 'name' })
    const names = Array.from({ length: 250 }, (_, n) => n).toSorted((a, b) => mixed(a) - mixed(b))
    expect(emails).toEqual(names.map((n) => `p${n}@x.org`))
  }))

test('people are found by beginnings of words in any order, whatever the case and accents', () =>
  withPeople(30, async (store) => {
    const found = async (...words: string[]) =>
      (await everybody(store, { words }, { order: 'email' })).emails
    expect(await found('eve', 'p2')).toEqual(
      ['p2@x.org', 'p20@x.org', 'p22@x.org', 'p24@x.org', 'p26@x.org', 'p28@x.org'].toSorted(),
    )
    expect(await found('p2@x')).toEqual(['p2@x.org'])
    expect(await found('om')).toEqual([])
    await store.accounts.change(idOf(3), { lastName: 'Curie', email: 'marie@x.org' })
    expect(await found('curie')).toEqual(['marie@x.org'])
    expect(await found('p3')).toEqual([])
  }))

test('what leaves many is walked in bounded pieces, and what leaves few is found at once', () =>
  withPeople(MANY, async (store) => {
    const rare = await everybody(store, { words: ['p2499'] }, { order: 'name' })
    expect(rare).toEqual({ emails: ['p2499@x.org'], pages: 1 })
    const state = await everybody(store, { words: [], state: 'disabled' }, { order: 'created' })
    expect([state.emails.length, state.pages]).toEqual([4, 1])
    // Each word is half of everybody's, and nobody has both: no page reads more than it may.
    const both = await everybody(store, { words: ['eve', 'jean'] }, { order: 'name' })
    expect(both).toEqual({ emails: [], pages: 9 })
    const half = await everybody(store, { words: ['jean'] }, { order: 'email', descending: true })
    expect(half.emails).toHaveLength(MANY / 2)
    expect(half.emails).toEqual(half.emails.toSorted().toReversed())
  }))

test('a count is exact or not given', () =>
  withPeople(MANY, async (store) => {
    const count = (filter: Partial<PeopleFilter>) => store.people.count({ words: [], ...filter })
    expect(await count({})).toBe(MANY)
    expect(await count({ role: 'user' })).toBe(MANY - 3)
    expect(await count({ words: ['p12'] })).toBe(111)
    expect(await count({ words: ['jean'] })).toBeNull()
    await store.accounts.signedIn(idOf(5), 7_000)
    expect(await count({ sinceMs: 1 })).toBe(1)
    expect(await count({ untilMs: 1 })).toBeNull()
  }))

test('somebody reduced to a name is on no list, and the address is free again', () =>
  withPeople(3, async (store) => {
    await store.accounts.reduceToName(idOf(1))
    expect((await everybody(store, all, { order: 'email' })).emails).toEqual([
      'p0@x.org',
      'p2@x.org',
    ])
    expect(await store.people.count(all)).toBe(2)
    expect(await store.accounts.byId(idOf(1))).toBeUndefined()
    await store.accounts.add({ ...person(1), id: idOf(9) })
  }))

test('a change of an older version is refused', () =>
  withPeople(1, async (store) => {
    expect(await store.accounts.change(idOf(0), { language: 'en' }, 1)).toBe(true)
    expect(await store.accounts.change(idOf(0), { language: 'fr' }, 1)).toBe(false)
    expect(await store.accounts.byId(idOf(0))).toMatchObject({ language: 'en', version: 2 })
  }))

test('the people of a group are found by hand and by domain, once each, in any order and with the rest of the filter', () =>
  withPeople(MANY, async (store) => {
    const group = 'G'.repeat(22) as GroupId
    const made = {
      id: group,
      name: 'G',
      plainName: 'g',
      restrictions: '{}',
      createdAt: 1,
      version: 1,
    }
    await store.groups.add({ ...made, domains: ['y.org'] })
    for (const n of [3, 4, 5]) await store.accounts.change(idOf(n), { email: `p${n}@y.org` })
    await store.accounts.change(idOf(6), { email: 'p6@a.y.org' })
    await store.groups.addMembers(group, [5, 9, 701].map(idOf), 1)
    const found = (more: Partial<PeopleFilter> = {}) =>
      everybody(store, { words: [], group, ...more }, { order: 'created' })
    const names = (...numbers: readonly number[]) =>
      numbers.toSorted((a, b) => mixed(a) - mixed(b)).map((n) => `p${n}@${n < 6 ? 'y' : 'x'}.org`)
    const { emails, pages } = await found()
    expect(emails.toSorted()).toEqual(names(3, 4, 5, 9, 701).toSorted())
    expect(pages).toBe(1)
    expect(await store.people.count({ words: [], group })).toBe(5)
    expect((await found({ state: 'disabled' })).emails).toEqual(['p701@x.org'])
    expect((await found({ words: ['eve'] })).emails).toEqual(['p4@y.org'])
    await store.accounts.reduceToName(idOf(3))
    expect((await found()).emails).not.toContain('p3@y.org')
    await store.groups.change(group, { ...made, domains: ['x.org'] })
    const most = await found()
    expect(most.emails).toHaveLength(MANY - 3)
    expect(new Set(most.emails).size).toBe(MANY - 3)
    expect(await store.people.count({ words: [], group })).toBeNull()
  }))
