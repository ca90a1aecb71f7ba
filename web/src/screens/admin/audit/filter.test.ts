import { expect, test } from 'vitest'
import { hrefOf, NO_FILTER, queryOf, readFilter } from './filter.ts'

test('what an address narrows to is read, and written again the same', () => {
  const filter = {
    ...NO_FILTER,
    q: 'ada & bob?',
    action: 'meeting-planned',
    actor: 'A'.repeat(22),
    since: '2026-03-01',
  }
  const href = hrefOf(filter)
  expect(href).toMatch(/^\/admin\/audit\?/)
  expect(readFilter(href.split('?')[1] ?? '')).toEqual(filter)
  expect(hrefOf(NO_FILTER)).toBe('/admin/audit')
  expect(readFilter('')).toEqual(NO_FILTER)
})

test.each(['action=toString', 'action=nothing', 'since=yesterday', 'until=2026-13-40', 'x=y'])(
  'what nobody can mean is left out: %s',
  (search) => expect(readFilter(search)).toEqual(NO_FILTER),
)

test('the server is asked from the beginning of the first day to the end of the last', () => {
  const { since, until, ...rest } = queryOf({
    ...NO_FILTER,
    action: 'export',
    since: '2026-03-01',
    until: '2026-03-01',
  })
  expect(rest).toEqual({ action: 'export' })
  expect(new Date(since ?? '')).toEqual(new Date(2026, 2, 1))
  expect(new Date(until ?? '')).toEqual(new Date(2026, 2, 2))
})
