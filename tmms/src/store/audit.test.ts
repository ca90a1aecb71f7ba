import { expect, test } from 'vitest'
import { naiveRoot } from '../../test/naive-tree.ts'
import { readLine } from '../domain/audit/line.ts'
import { leafHash, rootOf } from '../domain/audit/tree.ts'
import type { AuditFilter, AuditRange, NewAuditEntry } from './audit.ts'
import { sqliteDialect } from './sqlite.ts'
import { openStore, type Store } from './store.ts'

const entry = (name: string): NewAuditEntry => ({
  timeMs: 1_790_000_000_123,
  actor: { kind: 'account', id: 'A'.repeat(22), name: 'ada@example.org' },
  action: 'account-suspended',
  object: { kind: 'account', id: 'B'.repeat(22), name },
  from: '192.0.2.1',
  details: { reason: 'left', groups: ['one', 'two'], before: null },
})

async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore(sqliteDialect(':memory:'))
  await work(store)
  await store.close()
}

async function fill(store: Store, names: readonly string[]): Promise<void> {
  await store.atomically(async (rows) => {
    for (const name of names) await rows.audit.append(entry(name))
  })
}

const read = (lines: readonly string[]) => lines.map((line) => readLine(line)?.entry)
const all: AuditRange = { before: null, from: 0, limit: 100 }
const found = async (store: Store, filter: AuditFilter, range = all) =>
  read(await store.audit.page(range, filter)).map((one) => one?.object.name)

test('entries are numbered without a gap, also by writers at the same time, and read newest first', () =>
  withStore(async (store) => {
    const names = ['a', 'b', 'c', 'd', 'e']
    await Promise.all(
      names.map((name) => store.atomically((rows) => rows.audit.append(entry(name)))),
    )
    const first = read(await store.audit.page({ before: null, from: 0, limit: 3 }))
    const second = read(await store.audit.page({ before: 2, from: 0, limit: 3 }))
    expect([...first, ...second].map((one) => one?.n)).toEqual([4, 3, 2, 1, 0])
    const { timeMs, ...rest } = entry(first[0]?.object.name ?? '')
    expect(first[0]).toEqual({ n: 4, time: new Date(timeMs).toISOString(), ...rest })
    expect(await store.audit.size()).toBe(5)
  }))

test('each line names the leaf hash of the one before it, and the tree is that of all lines', () =>
  withStore(async (store) => {
    await fill(store, ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
    const lines = await store.audit.lines(0, 7)
    expect(lines.map((line) => readLine(line)?.prev)).toEqual([
      '',
      ...lines.slice(0, -1).map((line) => leafHash(line).toString('base64')),
    ])
    for (const size of [0, 1, 4, 7]) {
      expect(await rootOf(store.audit.node, size)).toEqual(naiveRoot(lines.slice(0, size)))
    }
    await expect(rootOf(store.audit.node, 8)).rejects.toThrow('not whole')
  }))

test('an entry of a transaction that fails is not written, and its number is used again', () =>
  withStore(async (store) => {
    await fill(store, ['first'])
    const failing = store.atomically(async (rows) => {
      await rows.audit.append(entry('undone'))
      throw new Error('no further')
    })
    await expect(failing).rejects.toThrow('no further')
    await fill(store, ['done'])
    expect(await found(store, {})).toEqual(['done', 'first'])
    const lines = await store.audit.lines(0, 2)
    expect(await rootOf(store.audit.node, 2)).toEqual(naiveRoot(lines))
  }))

test('entries are found by action, actor, object, time and text, and by all of them together', () =>
  withStore(async (store) => {
    await fill(store, ['Élodie@example.org', 'b%c', 'bxc'])
    await store.atomically((rows) =>
      rows.audit.append({ ...entry('late'), action: 'setup', timeMs: 1_790_000_060_000 }),
    )
    expect(await found(store, { action: 'setup' })).toEqual(['late'])
    expect(await found(store, { actorId: 'A'.repeat(22), action: 'setup' })).toEqual(['late'])
    expect(await found(store, { objectId: 'C'.repeat(22) })).toEqual([])
    expect(await found(store, { sinceMs: 1_790_000_060_000 })).toEqual(['late'])
    expect(await found(store, { untilMs: 1_790_000_060_000, text: 'ELODIE' })).toEqual([
      'Élodie@example.org',
    ])
    expect(await found(store, { text: 'two' })).toHaveLength(4)
    expect(await found(store, { text: '192.0.2' }, { before: 2, from: 1, limit: 5 })).toEqual([
      'b%c',
    ])
  }))

test('a sign of LIKE in a search stands for itself alone', () =>
  withStore(async (store) => {
    await fill(store, ['b%c', 'bxc', 'bxxc'])
    expect(await found(store, { text: 'b%c' })).toEqual(['b%c'])
    expect(await found(store, { text: '%' })).toEqual(['b%c'])
    expect(await found(store, { text: '_' })).toEqual([])
  }))

test('the newest checkpoint is the largest', () =>
  withStore(async (store) => {
    expect(await store.audit.checkpoint()).toBeUndefined()
    for (const size of [0, 9, 10]) {
      await store.audit.addCheckpoint({ size, timeMs: size, note: `note ${size}` })
    }
    expect(await store.audit.checkpoint()).toEqual({ size: 10, timeMs: 10, note: 'note 10' })
  }))

test('a setting is what was written last, and nothing before', async () => {
  const store = await openStore(sqliteDialect(':memory:'))
  expect(await store.settings.read('mail')).toBeUndefined()
  await store.settings.write('mail', { host: 'a' }, 1)
  await store.settings.write('mail', { host: 'b' }, 2)
  expect(await store.settings.read('mail')).toEqual({ host: 'b' })
  await store.close()
})
