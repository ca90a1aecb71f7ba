/** The token bucket by a clock of our own. */
import { expect, test } from 'vitest'
import { TokenBucket } from './bucket.ts'

test('a burst is covered, then the steady rate', () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 0)
  expect([1, 2, 3, 4].map(() => bucket.take(1, 0))).toEqual([true, true, true, false])
  expect(bucket.take(1, 99)).toBe(false)
  expect(bucket.take(1, 100)).toBe(true)
  expect(bucket.take(1, 100)).toBe(false)
})

test('waiting never saves more than the burst', () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 0)
  expect(bucket.take(4, 1e9)).toBe(false)
  expect(bucket.take(3, 1e9)).toBe(true)
})

test('a clock that is set back takes nothing away', () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 1000)
  expect(bucket.take(1, 0)).toBe(true)
  expect(bucket.take(2, 0)).toBe(true)
})
