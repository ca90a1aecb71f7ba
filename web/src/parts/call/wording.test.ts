import { expect, it } from 'vitest'
import { wordPlannedEnd } from './wording.ts'

const MINUTE_MS = 60_000

it('I10 the planned end is told from five minutes before it, and once it has passed', () => {
  expect(wordPlannedEnd(null)).toBeNull()
  expect(wordPlannedEnd(6 * MINUTE_MS)).toBeNull()
  expect(wordPlannedEnd(5 * MINUTE_MS)).toMatch(/in 5 min/)
  expect(wordPlannedEnd(1)).toMatch(/in 1 min/)
  expect(wordPlannedEnd(0)).toMatch(/has passed/)
  expect(wordPlannedEnd(-3 * MINUTE_MS)).toMatch(/may go on/)
})
