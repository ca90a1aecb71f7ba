/** Which tokens an end of access covers, and for how long it is remembered. */
import { expect, test } from 'vitest'
import { AccessEnds } from './access-ends.ts'

const bob = { mid: 'm', sub: 'bob', issuedAtMs: -1000 }

test('an end is forgotten when no token of before can be valid any more', () => {
  let clockMs = 0
  const ends = new AccessEnds(() => clockMs)
  ends.add({ mid: 'm', sub: 'bob', atMs: 0, reason: 'removed' })
  expect(ends.reasonAgainst(bob)).toBe('removed')
  expect(ends.reasonAgainst({ ...bob, issuedAtMs: 0 })).toBe('removed')
  expect(ends.reasonAgainst({ ...bob, issuedAtMs: 1000 })).toBeNull()
  clockMs = 960_000
  ends.add({ sub: 'carl', atMs: clockMs, reason: 'suspended' })
  expect(ends.reasonAgainst(bob)).toBe('removed')
  clockMs += 1
  ends.add({ sub: 'dan', atMs: clockMs, reason: 'suspended' })
  expect(ends.reasonAgainst(bob)).toBeNull()
})

test('an older end that arrives late takes nothing back', () => {
  const ends = new AccessEnds(() => 0)
  ends.add({ sub: 'bob', atMs: 5000, reason: 'suspended' })
  ends.add({ sub: 'bob', atMs: 1000, reason: 'signed-out' })
  expect(ends.reasonAgainst({ ...bob, issuedAtMs: 4000 })).toBe('suspended')
})

test('an end that names nobody covers nobody', () => {
  const ends = new AccessEnds(() => 0)
  ends.add({ atMs: 5000, reason: 'suspended' })
  expect(ends.reasonAgainst(bob)).toBeNull()
})
