import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AuditEntry } from '../../contract/audit.ts'
import { readLine, writeLine } from './line.ts'

const entry: AuditEntry = {
  n: 0,
  time: '2026-03-03T10:00:00.000Z',
  actor: { kind: 'nobody', id: '', name: '' },
  action: 'setup',
  object: { kind: 'account', id: 'YWRhLWxvdmVsYWNlLTE4MQ', name: 'ada@example.org' },
  from: '192.0.2.1',
  details: {},
}

test('a line is that of the protocol page, byte for byte', () => {
  const line =
    '{"n":0,"time":"2026-03-03T10:00:00.000Z","actor":{"kind":"nobody","id":"","name":""},"action":"setup","object":{"kind":"account","id":"YWRhLWxvdmVsYWNlLTE4MQ","name":"ada@example.org"},"from":"192.0.2.1","details":{},"prev":""}'
  expect(writeLine(entry, '')).toBe(line)
  expect(readLine(line)).toEqual({ entry, prev: '' })
})

test('details are sorted by UTF-16 code units, names that look like numbers too', () => {
  const details = { '\u{1f600}': 1, '\ufb33': 2, '10': 3, '9': 4, '\r': 5, é: 6, z: ['b', 'a'] }
  const line = writeLine({ ...entry, details }, 'x')
  expect(line).toContain(
    '"details":{"\\r":5,"10":3,"9":4,"z":["b","a"],"é":6,"\u{1f600}":1,"\ufb33":2},"prev":"x"}',
  )
  expect(readLine(line)).toEqual({ entry: { ...entry, details }, prev: 'x' })
})

test('half a surrogate pair is replaced, because UTF-8 cannot write it', () => {
  const line = writeLine({ ...entry, from: 'a\ud800', details: { reason: '\udc00' } }, '')
  expect(Buffer.from(line).toString()).toBe(line)
  expect(line).toContain('"from":"a\ufffd","details":{"reason":"\ufffd"}')
})

const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null))
const details = fc.dictionary(
  fc.string().filter((name) => name !== '__proto__'),
  value,
)

test('whatever is written is read again, and is written in one way only', () => {
  fc.assert(
    fc.property(details, fc.string({ unit: 'binary' }), (some, name) => {
      const made = { ...entry, details: some, actor: { kind: 'account' as const, id: 'i', name } }
      const line = writeLine(made, 'prev')
      expect(readLine(line)?.entry).toEqual(made)
      expect(line).not.toContain('\n')
      const turned = Object.fromEntries(Object.entries(some).toReversed())
      expect(writeLine({ ...made, details: turned }, 'prev')).toBe(line)
    }),
  )
})

test.each([
  ['a blank', (line: string) => line.replace(',"action"', ', "action"')],
  ['another order', (line: string) => line.replace(/("n":0),("time":"[^"]+")/, '$2,$1')],
  ['another escape', (line: string) => line.replace('setup', '\\u0073etup')],
  ['a member more', (line: string) => line.replace('"prev"', '"x":1,"prev"')],
  ['no prev', (line: string) => line.replace(',"prev":""', '')],
  ['an unknown action', (line: string) => line.replace('setup', 'setUp')],
  ['no JSON', (line: string) => line.slice(1)],
])('a line with %s is none', (_, change) => {
  const line = writeLine(entry, '')
  expect(change(line)).not.toBe(line)
  expect(readLine(change(line))).toBeUndefined()
})
