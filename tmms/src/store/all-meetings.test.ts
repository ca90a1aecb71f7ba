import { expect, test } from 'vitest'
import type { AccountId, MeetingId } from '../contract/ids.ts'
import { stateOf } from '../domain/meetings/meeting-time.ts'
import type { Place } from '../domain/paging.ts'
import type { MeetingFilter } from './all-meetings.ts'
import { sqliteDialect } from './sqlite.ts'
import { openStore, type Store } from './store.ts'

const MANY = 2_000
const NOW = Date.parse('2026-03-03T10:00:00Z')
const MINUTE = 60_000
const idOf = (n: number): string => String(n).padStart(22, '0')
const organiser = (n: number): AccountId => `organiser${String(n).padStart(13, '0')}` as AccountId
/** Half an hour apart, two at once, in an order that has nothing to do with the order of the numbers. */
const meeting = (n: number) => ({
  id: idOf(n) as MeetingId,
  organiserId: organiser(n % 5),
  title: n % 400 === 3 ? `Rare ${n}` : `Weekly ${n % 3 === 0 ? 'budget' : 'board'}`,
  startsAt: NOW + (Math.floor(((n * 7919) % MANY) / 2) - MANY / 4) * 30 * MINUTE,
  durationMin: 60,
  createdAt: 0,
  cancelledAt: n % 500 === 7 ? NOW : null,
  endedAt: n % 50 === 8 ? NOW - 1 : null,
  msid: null,
  ownLink: 0 as const,
  zone: '',
  sequence: 0,
  profile: 'open' as const,
  restrictions: '{}',
  maxDurationMin: n % 4 === 0 ? 90 : null,
})
const all = Array.from({ length: MANY }, (_, n) => meeting(n))

async function filled(): Promise<Store> {
  const store = await openStore(sqliteDialect(':memory:'))
  await store.atomically(async (rows) => {
    for (let n = 0; n < 5; n += 1) {
      const name = {
        firstName: n === 1 ? 'Ada' : 'Jean',
        lastName: `Nom${n}`,
        language: 'fr',
      } as const
      const state = { role: 'organiser', state: 'active', createdAt: 0 } as const
      await rows.accounts.add({ id: organiser(n), email: `o${n}@x.org`, ...name, ...state })
    }
    for (const one of all) await rows.meetings.add(one)
  })
  return store
}

async function found(store: Store, part: Partial<MeetingFilter>, descending = true, limit = 100) {
  const filter = { words: [], nowMs: NOW, ...part }
  const ids: string[] = []
  let after: Place | null = null
  do {
    const page = await store.allMeetings.page({ descending, after, limit }, filter)
    expect(page.rows.length).toBeLessThanOrEqual(limit)
    ids.push(...page.rows.map(({ id }) => id))
    after = page.next
  } while (after !== null)
  return ids
}

function wanted(fits: (one: (typeof all)[number]) => boolean, descending = true): string[] {
  const sorted = all
    .filter(fits)
    .toSorted((a, b) => a.startsAt - b.startsAt || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id)
  return descending ? sorted.toReversed() : sorted
}

test('each list shows every meeting once, by start, both ways, whatever narrows it', async () => {
  const store = await filled()
  for (const descending of [true, false]) {
    expect(await found(store, {}, descending, 77)).toEqual(wanted(() => true, descending))
    for (const state of ['planned', 'open', 'ended', 'cancelled'] as const) {
      const is = (one: (typeof all)[number]) => stateOf(one, NOW) === state
      expect(await found(store, { state }, descending)).toEqual(wanted(is, descending))
    }
  }
  expect(await found(store, { words: ['rare'] })).toEqual(
    wanted(({ title }) => title.includes('Rare')),
  )
  expect(await found(store, { words: ['bud', 'wee'] })).toEqual(
    wanted(({ title }) => title.includes('budget')),
  )
  const byAda = (one: (typeof all)[number]) => one.organiserId === organiser(1)
  expect(await found(store, { words: ['ada'] })).toEqual(wanted(byAda))
  expect(await found(store, { organiserId: organiser(1), words: ['budget'] })).toEqual(
    wanted((one) => byAda(one) && one.title.includes('budget')),
  )
  const range = { fromMs: NOW, untilMs: NOW + 300 * MINUTE }
  expect(await found(store, range)).toEqual(
    wanted(({ startsAt }) => startsAt >= range.fromMs && startsAt < range.untilMs),
  )
  await store.close()
})

test('a page of a list that hardly anything fits ends early instead of reading everything', async () => {
  const store = await filled()
  // Neither word is rare by itself.
  const filter = {
    words: ['weekly', 'jean'],
    nowMs: NOW,
    state: 'planned',
  } as const
  const first = await store.allMeetings.page({ descending: false, after: null, limit: 100 }, filter)
  expect(first.rows).toEqual([])
  expect(first.next).not.toBeNull()
  expect(await found(store, filter)).toEqual(
    wanted(
      (one) =>
        one.title.startsWith('Weekly') &&
        one.organiserId !== organiser(1) &&
        stateOf(one, NOW) === 'planned',
    ),
  )
  await store.close()
})
