import { expect, test } from 'vitest'
import { askedFor, readFilters, writeFilters } from './filters.ts'

test('the address names what differs from the usual list, and is read back', () => {
  expect(writeFilters(readFilters(''))).toBe('/admin/users')
  const search =
    'q=ada+l&role=user&state=invited&group=R3JvdXBzQXJlUGVvcGxlMQ&last=older&sort=created&order=desc'
  expect(writeFilters(readFilters(search))).toBe(`/admin/users?${search}`)
})

test('U2 the address keeps the form of invitations open, and the list is the same', () => {
  expect(writeFilters(readFilters('invite=open'))).toBe('/admin/users?invite=open')
  expect(askedFor(readFilters('invite=open'), 0)).toEqual(askedFor(readFilters(''), 0))
})

test('what makes no sense in an address is left out', () => {
  expect(readFilters('role=god&sort=password&order=&last=x&state=deleted&group=x')).toEqual(
    readFilters(''),
  )
})

test('the server is asked in its own words', () => {
  const nowMs = Date.parse('2026-03-31T00:00:00Z')
  expect(askedFor(readFilters('last=month&q=+'), nowMs)).toEqual({
    sort: 'name',
    order: 'asc',
    signedInFrom: '2026-03-01T00:00:00.000Z',
  })
  expect(
    askedFor(readFilters('last=never&role=user&group=R3JvdXBzQXJlUGVvcGxlMQ'), nowMs),
  ).toMatchObject({
    group: 'R3JvdXBzQXJlUGVvcGxlMQ',
    lastSignIn: 'never',
    role: 'user',
  })
})
