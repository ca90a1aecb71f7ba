import { expect, it } from 'vitest'
import { setNewest } from './bounded.ts'
import { Ceilings } from './ceilings.ts'

const MAX_ENTRIES = 100_000

it('Q what strangers fill keeps the newest hundred thousand entries and forgets the oldest', () => {
  const map = new Map<string, number>()
  for (let n = 0; n < MAX_ENTRIES; n += 1) setNewest(map, `k${n}`, n)
  // Used once more, it is no longer the oldest.
  setNewest(map, 'k0', 0)
  for (let n = 0; n < 3; n += 1) setNewest(map, `more${n}`, n)
  expect(map.size).toBe(MAX_ENTRIES)
  expect(['k0', 'k1', 'k2', 'k3', 'k4', 'more2'].map((key) => map.has(key))).toEqual([
    ...[true, false, false, false],
    ...[true, true],
  ])
})

it('Q a ceiling remembers so many callers and no more, whoever else comes', () => {
  const ceilings = new Ceilings({ capacity: 1, perSecond: 1 / 3_600 }, () => 0)
  expect([ceilings.take('first'), ceilings.take('first')]).toEqual([true, false])
  for (let n = 1; n < MAX_ENTRIES; n += 1) ceilings.take(`caller${n}`)
  ceilings.take('one more')
  expect(ceilings.take('first')).toBe(true)
})
