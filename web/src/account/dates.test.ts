/** Dates between the form's inputs and the server's ISO form. */
import { expect, test } from 'vitest'
import { fromInputs, nextHalfHour, toInputs, wordDate, wordDuration } from './dates.ts'

test('what the inputs show is the local time, there and back', () => {
  const moment = new Date(2026, 10, 24, 9, 5)
  expect(toInputs(moment)).toEqual({ date: '2026-11-24', time: '09:05' })
  expect(fromInputs('2026-11-24', '09:05')).toEqual(moment)
})

test('an empty input is no date', () => {
  expect(fromInputs('', '09:05')).toBeNull()
  expect(fromInputs('2026-11-24', '')).toBeNull()
})

test('the proposed start is the next half hour, never now', () => {
  expect(nextHalfHour(new Date(2026, 0, 1, 10, 0))).toEqual(new Date(2026, 0, 1, 10, 30))
  expect(nextHalfHour(new Date(2026, 0, 1, 10, 31))).toEqual(new Date(2026, 0, 1, 11, 0))
})

test('durations read as hours and minutes', () => {
  expect([15, 60, 90].map(wordDuration)).toEqual(['15 min', '1 h', '1 h 30 min'])
})

test('dates follow the language', () => {
  const iso = new Date(2026, 10, 24, 14, 30).toISOString()
  expect(wordDate(iso, 'en')).toMatch(/^Tuesday,? 24 November 2026, 14:30$/)
  expect(wordDate(iso, 'fr')).toMatch(/^mardi 24 novembre 2026, 14:30$/)
  expect(wordDate('nonsense', 'en')).toBeNull()
})
