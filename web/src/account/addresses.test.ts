/** Lists of invited people as they are really pasted. */
import { expect, test } from 'vitest'
import { looksLikeAddress, normalise, splitAddresses } from './addresses.ts'

test('commas, semicolons, spaces and lines all separate', () => {
  const text = 'a@x.org, b@x.org;c@x.org d@x.org\n\te@x.org\r\n'
  expect(splitAddresses(text)).toEqual({
    good: ['a@x.org', 'b@x.org', 'c@x.org', 'd@x.org', 'e@x.org'],
    bad: [],
  })
})

test('names copied from a mail program are dropped', () => {
  const text = 'Ada Lovelace <Ada@Example.org>, "Hopper, Grace" <grace@example.org>; <m@x.org>'
  expect(splitAddresses(text)).toEqual({
    good: ['ada@example.org', 'grace@example.org', 'm@x.org'],
    bad: [],
  })
})

test('a bare address before a named one is kept', () => {
  expect(splitAddresses('first@x.org Ada <ada@x.org>').good).toEqual(['first@x.org', 'ada@x.org'])
})

test('the same person twice is invited once', () => {
  expect(splitAddresses('a@x.org A@X.ORG').good).toEqual(['a@x.org'])
})

test('each piece that is no address is named as it was typed', () => {
  expect(splitAddresses('a@x.org, Bob, c@, @d.org, e@localhost').bad).toEqual([
    'Bob',
    'c@',
    '@d.org',
    'e@localhost',
  ])
})

test('mailto: and a full stop at the end are forgiven', () => {
  expect(splitAddresses('mailto:a@x.org b@x.org.').good).toEqual(['a@x.org', 'b@x.org'])
})

test('nothing typed is neither good nor bad', () => {
  expect(splitAddresses(' \n, ;')).toEqual({ good: [], bad: [] })
})

test('A6 addresses are compared trimmed, composed and in lower case', () => {
  expect(normalise('  Zoe\u0308@Example.ORG ')).toBe('zo\u00eb@example.org')
})

test.each(['a@b', 'a b@x.org', 'a@x..org', 'a@@x.org', '', `${'a'.repeat(250)}@x.org`])(
  '%j is no address',
  (text) => {
    expect(looksLikeAddress(text)).toBe(false)
  },
)
