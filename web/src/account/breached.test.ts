/** The filter of stolen passwords. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BREACHED_COUNT, isBreached } from './breached.ts'
import { placesOf } from './breached-places.ts'

test.each([
  'neversaymypassword',
  'NeverSayMyPassword',
  '30secondstomars',
  'hakunamatata',
  '1324354657687980',
  'louisvuitton',
])('%s was stolen often', (password) => {
  expect(isBreached(password)).toBe(true)
})

test('one with digits and signs around it is as good as known', () => {
  expect(isBreached('12hakunamatata2026!')).toBe(true)
})

test('ten thousand passwords that nobody had are taken for stolen ones hardly ever', () => {
  // Expected are 1.3 with two looks each; 10 or more would come once in a million runs.
  const made = fc.sample(fc.stringMatching(/^[a-z]{9}[0-9][a-z]{9}$/), { seed: 1, numRuns: 10_000 })
  expect(made.filter(isBreached).length).toBeLessThan(10)
  expect(BREACHED_COUNT).toBe(43_940)
})

test('places spread over the whole filter', () => {
  const [bits, hashes] = [1_000, 14]
  const counts = new Array<number>(10).fill(0)
  for (let n = 0; n < 1_000; n += 1) {
    for (const place of placesOf(`password ${n}`, { bits, hashes })) {
      expect(place).toBeLessThan(bits)
      const tenth = Math.floor(place / 100)
      counts[tenth] = (counts[tenth] ?? 0) + 1
    }
  }
  for (const count of counts) expect(Math.abs(count - 1_400)).toBeLessThan(200)
})
