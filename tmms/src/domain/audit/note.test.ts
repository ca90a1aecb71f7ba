import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  logOrigin,
  openNote,
  rawPublicKey,
  readKeyLine,
  readNote,
  signNote,
  writeKeyLine,
} from './note.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const publicKey = rawPublicKey(privateKey)
const head = { origin: 'meet.example.org:8443/audit', size: 20_852_163, root: Buffer.alloc(32, 7) }

test('the log and its key are named after the host, without a scheme', () => {
  expect(logOrigin('https://meet.example.org:8443')).toBe('meet.example.org:8443/audit')
  expect(logOrigin('https://meet.example.org')).toBe('meet.example.org/audit')
})

// The example of golang.org/x/mod/sumdb/note, on which C2SP signed-note stands.
test('a key line that others made is read, and written the same', () => {
  const line = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const key = readKeyLine(line)
  expect(key?.length).toBe(32)
  expect(writeKeyLine('PeterNeumann', key!)).toBe(line)
  expect(readKeyLine(line.replace('c74f', 'c74e'))).toBeUndefined()
  expect(readKeyLine(line.replace('ARpc', 'AhpC'))).toBeUndefined()
})

test('a checkpoint is written as C2SP says, and opened by its key alone', () => {
  const note = signNote(head, privateKey)
  const lines = note.split('\n')
  expect(lines.slice(0, 4)).toEqual([
    'meet.example.org:8443/audit',
    '20852163',
    'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=',
    '',
  ])
  expect(lines[4]).toMatch(/^\u2014 meet\.example\.org:8443\/audit [A-Za-z0-9+/]{91}=$/)
  expect(lines[5]).toBe('')
  expect(openNote(note, publicKey)).toEqual(head)
  const other = rawPublicKey(generateKeyPairSync('ed25519').privateKey)
  expect(openNote(note, other)).toBeUndefined()
  expect(readNote(note)).toEqual(head)
})

test('every flipped bit of a checkpoint is found', () => {
  const bytes = Buffer.from(signNote(head, privateKey))
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const altered = Buffer.from(bytes)
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(openNote(altered.toString(), publicKey), `bit ${bit}`).toBeUndefined()
  }
})

test.each([
  ['a size with a zero before it', (note: string) => note.replace('20852163', '020852163')],
  ['an extension line', (note: string) => note.replace('\n\n', '\nmore\n\n')],
  ['a second signature', (note: string) => note + (note.split('\n').at(-2) ?? '') + '\n'],
  ['no line break at the end', (note: string) => note.trimEnd()],
  ['a hyphen for the dash', (note: string) => note.replace('\u2014', '-')],
])('a note with %s is no checkpoint of ours', (_, change) => {
  expect(openNote(change(signNote(head, privateKey)), publicKey)).toBeUndefined()
})

test('the raw key is the last 32 bytes of its SPKI form (RFC 8410)', () => {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  expect(publicKey).toEqual(spki.subarray(-32))
})
