import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AuditEntry, AuditObject } from '../../contract/audit.ts'
import { sqliteDialect } from '../../store/sqlite.ts'
import { openStore, type Store } from '../../store/store.ts'
import { readLine } from './line.ts'
import { Refusals } from './refusals.ts'

let store: Store
let refusals: Refusals
let nowMs: number
let work: (() => Promise<void>)[]
beforeEach(async () => {
  nowMs = 1_790_000_000_000
  work = []
  store = await openStore(sqliteDialect(':memory:'))
  const later = (one: () => Promise<void>) => void work.push(one)
  refusals = new Refusals({ store, now: () => nowMs, later })
})
afterEach(() => store.close())

const object = (): Promise<AuditObject> => Promise.resolve({ kind: 'account', id: '', name: 'a' })
function refuse(from: string, about = 'ada@example.org'): void {
  const reason = 'wrong-credentials'
  refusals.note({ account: null, from }, { action: 'sign-in-refused', reason, about, object })
}
async function settle(): Promise<readonly AuditEntry[]> {
  for (const one of work.splice(0)) await one()
  const lines = await store.audit.lines(0, await store.audit.size())
  return lines.flatMap((line) => readLine(line)?.entry ?? [])
}

test('nothing is written while the caller waits, and the first refusal of a kind soon afterwards', async () => {
  refuse('192.0.2.1')
  expect(await store.audit.size()).toBe(0)
  expect(await settle()).toEqual([
    expect.objectContaining({
      action: 'sign-in-refused',
      from: '192.0.2.1',
      details: { reason: 'wrong-credentials', times: 1 },
    }),
  ])
})

test('repetitions of a network become one entry a minute that counts them', async () => {
  for (let n = 0; n < 1000; n++) refuse(`2001:db8::${n.toString(16)}`)
  await refusals.flush()
  const entries = await settle()
  expect(entries.map(({ details }) => details['times']).toSorted()).toEqual([1, 999])
  refuse('2001:db8::1')
  expect((await settle()).at(-1)?.details['times']).toBe(1)
  await refusals.flush()
  expect(await settle()).toHaveLength(3)
})

test('Q a flood from everywhere about everybody writes a hundred entries, then twenty a minute and one for the rest', async () => {
  const flood = (minute: number) => {
    for (let n = 0; n < 5000; n++) refuse(`10.${n >> 8}.${n & 255}.1`, `${minute} ${n}`)
  }
  flood(0)
  await refusals.flush()
  expect(await settle()).toHaveLength(101)
  for (let minute = 1; minute <= 3; minute++) {
    nowMs += 60_000
    flood(minute)
    await refusals.flush()
    expect(await settle()).toHaveLength(101 + 21 * minute)
  }
  const rest = (await settle()).filter(({ details }) => details['reason'] === 'many-others')
  expect(rest.map(({ details }) => details['times'])).toEqual([4900, 4980, 4980, 4980])
  expect(rest[0]).toMatchObject({ actor: { kind: 'server' }, object: { kind: 'server' }, from: '' })
})
