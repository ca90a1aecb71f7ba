import { expect, test } from 'vitest'
import { auditEntry } from '../contract/audit.ts'
import type { NewAuditEntry } from './audit.ts'
import { sqliteDialect } from './sqlite.ts'
import { openStore } from './store.ts'

const entry = (name: string): NewAuditEntry => ({
  timeMs: 1_790_000_000_123,
  actor: { kind: 'account', id: 'A'.repeat(22), name: 'ada@example.org' },
  action: 'account-suspended',
  object: { kind: 'account', id: 'B'.repeat(22), name },
  from: '192.0.2.1',
  details: { reason: 'left', groups: ['one', 'two'], before: null },
})

test('entries are numbered without a gap, also by writers at the same time, and read newest first', async () => {
  const store = await openStore(sqliteDialect(':memory:'))
  const names = ['a', 'b', 'c', 'd', 'e']
  const writers = names.map((name) => store.atomically((rows) => rows.audit.append(entry(name))))
  await Promise.all(writers)
  const [first, second] = [await store.audit.page(null, 3), await store.audit.page(2, 3)]
  expect([...first, ...second].map(({ n }) => n)).toEqual([4, 3, 2, 1, 0])
  expect(() => first.map((row) => auditEntry.parse(row))).not.toThrow()
  const { timeMs, ...rest } = entry(first[0]?.object.name ?? '')
  expect(first[0]).toEqual({ n: 4, time: new Date(timeMs).toISOString(), ...rest })
  await store.close()
})

test('an entry of a transaction that fails is not written, and its number is used again', async () => {
  const store = await openStore(sqliteDialect(':memory:'))
  const failing = store.atomically(async (rows) => {
    await rows.audit.append(entry('undone'))
    throw new Error('no further')
  })
  await expect(failing).rejects.toThrow('no further')
  await store.atomically((rows) => rows.audit.append(entry('done')))
  expect((await store.audit.page(null, 9)).map(({ n, object }) => [n, object.name])).toEqual([
    [0, 'done'],
  ])
  await store.close()
})

test('a setting is what was written last, and nothing before', async () => {
  const store = await openStore(sqliteDialect(':memory:'))
  expect(await store.settings.read('mail')).toBeUndefined()
  await store.settings.write('mail', { host: 'a' }, 1)
  await store.settings.write('mail', { host: 'b' }, 2)
  expect(await store.settings.read('mail')).toEqual({ host: 'b' })
  await store.close()
})
