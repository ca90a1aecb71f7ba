import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { naiveRoot } from '../../../test/naive-tree.ts'
import { sqliteDialect } from '../../store/sqlite.ts'
import { openStore, type Store } from '../../store/store.ts'
import { signCheckpoint } from './checkpoint.ts'
import { openNote, rawPublicKey } from './note.ts'
import { record } from './record.ts'

const { privateKey: key } = generateKeyPairSync('ed25519')
const log = { origin: 'meet.example.org/audit', key }
const now = () => 1_790_000_000_000
let store: Store
beforeEach(async () => {
  store = await openStore(sqliteDialect(':memory:'))
})
afterEach(() => store.close())

const grow = (origin = 'x') =>
  store.atomically((rows) =>
    record(rows, { account: null, from: '' }, now(), {
      action: 'key-changed',
      object: { kind: 'key', id: origin, name: '' },
    }),
  )
const sign = () => signCheckpoint({ store, now }, log)

test('a checkpoint is signed when the log has grown, and at no other time', async () => {
  const empty = await sign()
  expect(openNote(empty.note, rawPublicKey(key))).toEqual({
    origin: log.origin,
    size: 0,
    root: naiveRoot([]),
  })
  expect(await sign()).toEqual(empty)
  await grow()
  await grow()
  const second = await sign()
  const lines = await store.audit.lines(0, 2)
  expect(openNote(second.note, rawPublicKey(key))?.root).toEqual(naiveRoot(lines))
  expect(await store.audit.checkpoint()).toEqual(second)
})

test('two that ask at once get one checkpoint', async () => {
  await grow()
  const both = await Promise.all([sign(), sign()])
  expect(both[0]).toEqual(both[1])
})

test('nothing is signed that contradicts the newest checkpoint: a shorter log, or another one', async () => {
  await grow()
  await grow()
  const { note } = await sign()
  const other = await openStore(sqliteDialect(':memory:'))
  const first = store
  store = other
  await grow('y')
  await other.audit.addCheckpoint({ size: 2, timeMs: 0, note })
  await expect(sign()).rejects.toThrow('not what its checkpoint says')
  await grow()
  await expect(sign()).rejects.toThrow('not what its checkpoint says')
  await first.close()
})
