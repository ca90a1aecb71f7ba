import { describe, expect, it } from 'vitest'
import { checkDuration, checkZone, parseStart, stateOf } from './meeting-time.ts'

const NOW = Date.parse('2026-03-03T10:00:00Z')
const MINUTE = 60_000

describe('the start of a meeting', () => {
  it.each([
    ['2026-03-03T10:00:00Z', NOW],
    ['2026-03-03T10:00Z', NOW],
    ['2026-03-03T10:00:00.000Z', NOW],
    ['2026-03-03T11:00:00+01:00', NOW],
    ['2026-03-03T09:55:00Z', NOW - 5 * MINUTE],
    ['2028-02-29T10:00:00Z', Date.parse('2028-02-29T10:00:00Z')],
  ])('%s is understood', (typed, ms) => {
    expect(parseStart(typed, NOW)).toBe(ms)
  })

  it.each([
    '',
    'tomorrow',
    '2026-03-03',
    '2026-03-03T10:00:00',
    '2027-02-30T10:00:00Z',
    '2027-13-01T10:00:00Z',
    '2027-01-01T25:00:00Z',
    '+275760-09-13T00:00:00Z',
  ])('%j is no date to plan for', (typed) => {
    expect(() => parseStart(typed, NOW)).toThrow(
      expect.objectContaining({ code: 'invalid-date', field: 'startsAt' }),
    )
  })

  it('U4 a year that is too far away is told from one that is none', () => {
    expect(() => parseStart('2099-01-01T10:00:00Z', NOW)).toThrow(
      expect.objectContaining({ code: 'date-too-far', field: 'startsAt' }),
    )
  })

  it.each(['Europe/Paris', 'America/Argentina/Buenos_Aires', 'UTC', 'Asia/Kolkata'])(
    'U4 %s is a time zone',
    (zone) => {
      expect(checkZone(zone, 'UTC')).toBe(zone)
    },
  )

  it.each(['', 'Mars/Olympus', '+01:00', 'Europe/Paris\r\nX: y', 'x'.repeat(99)])(
    '%j is none',
    (zone) => {
      expect(() => checkZone(zone, 'UTC')).toThrow(
        expect.objectContaining({ code: 'bad-request', field: 'zone' }),
      )
    },
  )

  it('more than five minutes ago is the past', () => {
    expect(() => parseStart('2026-03-03T09:54:59Z', NOW)).toThrow(
      expect.objectContaining({ code: 'date-in-past', field: 'startsAt' }),
    )
  })

  it.each([4, 1441, 30.5, NaN, Infinity, -5])('%s minutes are no duration', (minutes) => {
    expect(() => checkDuration(minutes)).toThrow(
      expect.objectContaining({ code: 'invalid-duration', field: 'durationMin' }),
    )
  })
})

describe('the state of a meeting', () => {
  const meeting = {
    startsAt: NOW,
    durationMin: 60,
    cancelledAt: null,
    maxDurationMin: null,
    endedAt: null,
  }
  it.each([
    [NOW - 15 * MINUTE - 1, 'planned'],
    [NOW - 15 * MINUTE, 'open'],
    [NOW + 180 * MINUTE - 1, 'open'],
    [NOW + 180 * MINUTE, 'ended'],
  ])('at %s is %s', (at, state) => {
    expect(stateOf(meeting, at)).toBe(state)
    expect(stateOf({ ...meeting, cancelledAt: NOW }, at)).toBe('cancelled')
  })
})
