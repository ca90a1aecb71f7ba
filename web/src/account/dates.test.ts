/** Dates between the form's inputs and the server's ISO form. */
import { describe, expect, it, test } from 'vitest'
import {
  mayHideZone,
  momentsOf,
  nextHalfHour,
  toInputs,
  wordDate,
  wordDuration,
  wordOffset,
  wordWhen,
} from './dates.ts'

const PARIS = 'Europe/Paris'
const iso = (date: string, time: string, zone = PARIS) =>
  momentsOf(date, time, zone)?.map((moment) => moment.toISOString())

test('what the inputs show is the local time, there and back', () => {
  const moment = new Date(2026, 10, 24, 9, 5)
  expect(toInputs(moment)).toEqual({ date: '2026-11-24', time: '09:05' })
  expect(momentsOf('2026-11-24', '09:05')).toEqual([moment])
})

test('an empty input is no date', () => {
  expect(momentsOf('', '09:05')).toBeNull()
  expect(momentsOf('2026-11-24', '')).toBeNull()
})

describe('U4 hours that the clocks skip or repeat', () => {
  it('in spring an hour does not exist, and the ones beside it do', () => {
    expect(iso('2026-03-29', '02:30')).toEqual([])
    expect(iso('2026-03-29', '02:00')).toEqual([])
    expect(iso('2026-03-29', '01:59')).toEqual(['2026-03-29T00:59:00.000Z'])
    expect(iso('2026-03-29', '03:00')).toEqual(['2026-03-29T01:00:00.000Z'])
  })

  it('in autumn an hour comes twice, and its offsets tell which is meant', () => {
    const twice = momentsOf('2026-10-25', '02:30', PARIS) ?? []
    expect(twice.map((moment) => moment.toISOString())).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ])
    expect(twice.map((moment) => wordOffset(moment, PARIS))).toEqual(['UTC+02:00', 'UTC+01:00'])
    expect(iso('2026-10-25', '03:00')).toEqual(['2026-10-25T02:00:00.000Z'])
  })

  it.each([
    ['America/New_York', '2026-03-08', '02:30', 0],
    ['America/New_York', '2026-11-01', '01:30', 2],
    ['Australia/Lord_Howe', '2026-10-04', '02:15', 0],
    ['Australia/Lord_Howe', '2026-04-05', '01:45', 2],
    ['Asia/Kolkata', '2026-03-29', '02:30', 1],
    // This day was left out when the islands moved across the date line.
    ['Pacific/Apia', '2011-12-30', '12:00', 0],
  ])('%s on %s at %s: %i', (zone, date, time, count) => {
    expect(iso(date, time, zone)).toHaveLength(count)
  })

  it('offsets of half hours and to the west are written', () => {
    const moment = new Date('2026-01-01T00:00:00Z')
    expect(wordOffset(moment, 'Asia/Kolkata')).toBe('UTC+05:30')
    expect(wordOffset(moment, 'America/New_York')).toBe('UTC−05:00')
  })
})

describe('U4 the zone of the organiser and of the reader', () => {
  const meeting = { startsAt: '2026-11-24T13:30:00Z', zone: PARIS }

  it('is said beside the other when the clocks differ', () => {
    expect(wordWhen(meeting, 'en', 'America/New_York')).toEqual({
      planned: expect.stringMatching(/24 November 2026, 14:30$/),
      zone: PARIS,
      here: { date: expect.stringMatching(/24 November 2026, 08:30$/), zone: 'America/New York' },
    })
  })

  it('is not when they show the same', () => {
    expect(wordWhen(meeting, 'fr', 'Europe/Berlin').here).toBeNull()
  })
})

test.each([
  ['Atlantic/Reykjavik', true],
  ['UTC', true],
  ['Etc/GMT', true],
  ['Etc/GMT+1', false],
  ['Europe/London', false],
  [PARIS, false],
])('U4 a browser that says %s may hide its zone: %s', (zone, hidden) => {
  expect(mayHideZone(zone)).toBe(hidden)
})

test('the proposed start is the next half hour, never now', () => {
  expect(nextHalfHour(new Date(2026, 0, 1, 10, 0))).toEqual(new Date(2026, 0, 1, 10, 30))
  expect(nextHalfHour(new Date(2026, 0, 1, 10, 31))).toEqual(new Date(2026, 0, 1, 11, 0))
})

test('durations read as hours and minutes', () => {
  expect([15, 60, 90].map(wordDuration)).toEqual(['15 min', '1 h', '1 h 30 min'])
})

test('dates follow the language', () => {
  const moment = new Date(2026, 10, 24, 14, 30).toISOString()
  expect(wordDate(moment, 'en')).toMatch(/^Tuesday,? 24 November 2026, 14:30$/)
  expect(wordDate(moment, 'fr')).toMatch(/^mardi 24 novembre 2026, 14:30$/)
  expect(wordDate('nonsense', 'en')).toBeNull()
})
