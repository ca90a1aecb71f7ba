import { expect, test } from 'vitest'
import { leavesOf, logKey, naiveRoot, noteOf } from '../../test/naive-tree.ts'
import { logName, openCheckpoint, readCheckpoint, readHashes } from './checkpoint.ts'

const NAME = 'tmms.example/audit'
const key = logKey()
const note = noteOf(NAME, leavesOf(9), key)

test('a checkpoint is opened by a key among those that are certified, and by no other', async () => {
  const head = { size: 9, root: new Uint8Array(naiveRoot(leavesOf(9))) }
  expect(await openCheckpoint(note, [logKey().raw, key.raw], NAME)).toEqual(head)
  expect(await openCheckpoint(note, [logKey().raw], NAME)).toBeUndefined()
  expect(await openCheckpoint(note, [], NAME)).toBeUndefined()
  expect(readCheckpoint(note, NAME)).toEqual(head)
})

test('that of another log is none', async () => {
  expect(logName('https://tmms.example:8443')).toBe('tmms.example:8443/audit')
  expect(await openCheckpoint(note, [key.raw], 'tmms.example:8443/audit')).toBeUndefined()
  const other = noteOf('other.example/audit', leavesOf(9), key)
  expect(await openCheckpoint(other, [key.raw], NAME)).toBeUndefined()
})

test('every flipped bit is found', async () => {
  const bytes = Buffer.from(note)
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const altered = Buffer.from(bytes)
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(await openCheckpoint(altered.toString(), [key.raw], NAME), `bit ${bit}`).toBeUndefined()
  }
})

test.each([
  note.replace('\n9\n', '\n09\n'),
  note.replace('\n\n', '\nextension\n\n'),
  note.trimEnd(),
  `${note}\n`,
  note.repeat(2),
  'x'.repeat(5000),
  '',
])('what is written otherwise is no checkpoint (%#)', async (text) => {
  expect(await openCheckpoint(text, [key.raw], NAME)).toBeUndefined()
})

test('hashes of a proof are 32 bytes each, or there is no proof', () => {
  const hash = Buffer.alloc(32, 1).toString('base64')
  expect(readHashes([hash])).toEqual([new Uint8Array(32).fill(1)])
  for (const bad of [[hash, 1], [hash.slice(1)], [null], [`${hash}=`]]) {
    expect(readHashes(bad)).toBeUndefined()
  }
})
