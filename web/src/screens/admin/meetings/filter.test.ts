import { expect, test } from 'vitest'
import { hrefOf, NO_FILTER, queryOf, readFilter } from './filter.ts'

const organiser = '0LQmCh3cRX0Eg6kJ0nV9sA'

test('an address names a filter and is named by it', () => {
  const filter = {
    ...NO_FILTER,
    q: 'budget',
    state: 'open',
    organiser,
    from: '2026-03-03',
  } as const
  const href = hrefOf({ ...filter, order: 'asc' })
  expect(readFilter(href.split('?')[1] ?? '')).toEqual({ ...filter, order: 'asc' })
  expect(hrefOf(NO_FILTER)).toBe('/admin/meetings')
})

test('what makes no sense in an address counts as not there', () => {
  const search = 'state=gone&organiser=%3Cb%3E&from=2026-13-01&until=tomorrow&order=up'
  expect(readFilter(search)).toEqual(NO_FILTER)
})

test('the server is asked from the begin of the first day to the end of the last', () => {
  const { from, until, ...rest } = queryOf({
    ...NO_FILTER,
    from: '2026-03-03',
    until: '2026-03-03',
  })
  expect(rest).toEqual({ order: 'desc' })
  expect(Date.parse(until ?? '') - Date.parse(from ?? '')).toBe(24 * 3_600_000)
})
