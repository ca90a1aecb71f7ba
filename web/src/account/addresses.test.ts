/** Lists of invited people as they are really pasted. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { ApiFailure } from './api.ts'
import {
  checkAddresses,
  looksLikeAddress,
  namingRefused,
  normalise,
  readAddresses,
} from './addresses.ts'

type Wanted = readonly (readonly [string | null, string])[] | 'refused'
const { cases } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../tmms/test/cases/addresses.json'), 'utf8'),
) as { cases: { from: string; text: string; want: Wanted }[] }

function emails(text: string): readonly string[] {
  return readAddresses(text).good.map(({ email }) => email)
}

/** Name and address, as the cases write them. */
function people(text: string): [string | null, string][] {
  return readAddresses(text).good.map(({ firstName, lastName, email }) => [
    `${firstName} ${lastName}`.trim() || null,
    email,
  ])
}

describe('U2 address lists', () => {
  it.each(cases)('$from', ({ text, want }) => {
    if (want === 'refused') {
      expect(emails(text)).toEqual([])
      expect(readAddresses(text).bad).not.toEqual([])
    } else {
      expect(people(text)).toEqual(want)
      expect(readAddresses(text).bad).toEqual([])
    }
  })

  it.each([
    ['Outlook, copied with its link', 'Ida <mailto:ida@x.org>', [['Ida', 'ida@x.org']]],
    ['Outlook, quoted address', "'ida@x.org' <ida@x.org>", [[null, 'ida@x.org']]],
    ['round brackets', 'Ida Rolf (ida@x.org)', [['Ida Rolf', 'ida@x.org']]],
    [
      'no brackets',
      'Ida Rolf ida@x.org\nTom tom@x.org',
      [
        ['Ida Rolf', 'ida@x.org'],
        ['Tom', 'tom@x.org'],
      ],
    ],
    [
      'no blank before the bracket',
      'Ida Rolf<ida@x.org>,Tom<tom@x.org>',
      [
        ['Ida Rolf', 'ida@x.org'],
        ['Tom', 'tom@x.org'],
      ],
    ],
    [
      'full-width brackets',
      'Ida＜ida@x.org＞；tom@x.org',
      [
        ['Ida', 'ida@x.org'],
        [null, 'tom@x.org'],
      ],
    ],
    ['a table with two columns of names', 'Ida\tRolf\tida@x.org\tDSI', [['Ida Rolf', 'ida@x.org']]],
    [
      'a row of addresses',
      'ida@x.org\ttom@x.org',
      [
        [null, 'ida@x.org'],
        [null, 'tom@x.org'],
      ],
    ],
    ['an alias in place of the name', 'boss@x.org <ida@x.org>', [[null, 'ida@x.org']]],
    ['semicolon in quotes', '"Rolf; Ida" <ida@x.org>', [['Rolf; Ida', 'ida@x.org']]],
    ['the name at the second mention', 'ida@x.org, Ida <ida@x.org>', [['Ida', 'ida@x.org']]],
    ['no-break spaces', 'Ida\u00a0Rolf\u00a0<ida@x.org>', [['Ida Rolf', 'ida@x.org']]],
    ['a domain of another script', 'ada@bücher.example', [[null, 'ada@bücher.example']]],
    ['a name too long for anybody', `${'x'.repeat(81)} <ida@x.org>`, [[null, 'ida@x.org']]],
  ])('%s', (_, text, want) => {
    expect(people(text)).toEqual(want)
    expect(readAddresses(text).bad).toEqual([])
  })

  it.each([
    ['Jean-Luc MARTIN', 'Jean-Luc', 'MARTIN'],
    ['MARTIN Jean-Luc', 'Jean-Luc', 'MARTIN'],
    ['DE LA TOUR Anne Marie', 'Anne Marie', 'DE LA TOUR'],
    ['Ludwig van Beethoven', 'Ludwig', 'van Beethoven'],
    ['Anne Marie Dupont', 'Anne Marie', 'Dupont'],
    ['Plato', 'Plato', ''],
    ['“Dubois, Claire”', 'Claire', 'Dubois'],
  ])('of %s the last name is told', (name, firstName, lastName) => {
    expect(readAddresses(`${name} <a@x.org>`).good).toEqual([
      { email: 'a@x.org', firstName, lastName },
    ])
  })
})

test('commas, semicolons, spaces and lines all separate', () => {
  const text = 'a@x.org, b@x.org;c@x.org d@x.org\n\te@x.org\r\n'
  expect(emails(text)).toEqual(['a@x.org', 'b@x.org', 'c@x.org', 'd@x.org', 'e@x.org'])
  expect(readAddresses(text).bad).toEqual([])
})

test('a bare address before a named one is kept', () => {
  expect(people('first@x.org Ada <ada@x.org>')).toEqual([
    [null, 'first@x.org'],
    ['Ada', 'ada@x.org'],
  ])
})

test('the same person twice is invited once', () => {
  expect(emails('a@x.org A@X.ORG')).toEqual(['a@x.org'])
})

test('each piece that is no address is named as it was typed', () => {
  expect(readAddresses('a@x.org, Bob, c@, @d.org, e@localhost, Bob Smith; d@x.org').bad).toEqual([
    'Bob',
    'c@',
    '@d.org',
    'e@localhost',
    'Bob Smith',
  ])
})

test('mailto: and a full stop at the end are forgiven', () => {
  expect(emails('mailto:a@x.org b@x.org.')).toEqual(['a@x.org', 'b@x.org'])
})

test('U4 each bad piece has its own sentence, and too many are counted', () => {
  const many = Array.from({ length: 301 }, (_, at) => `guest${at}@x.org`).join('\n')
  expect(checkAddresses(readAddresses(`Bob, c@, ${many}`), 'invited')).toMatchObject([
    { code: 'invalid-email', field: 'invited', value: 'Bob' },
    { code: 'invalid-email', field: 'invited', value: 'c@' },
    { code: 'too-many-invited', field: 'invited', count: 301 },
  ])
  expect(checkAddresses(readAddresses('a@x.org'), 'invited')).toEqual([])
})

test('U4 each address that the server refuses is named', async () => {
  const problems = [
    new ApiFailure('invalid-title', { field: 'title' }),
    new ApiFailure('invalid-email', { field: 'invited.1' }),
  ]
  const refused = Promise.reject(new ApiFailure('invalid-title', { field: 'title', problems }))
  const list = readAddresses('a@x.org, b@-x.org')
  await expect(namingRefused(refused, list, 'invited')).rejects.toMatchObject({
    failures: [
      { code: 'invalid-title', field: 'title', value: null },
      { code: 'invalid-email', field: 'invited', value: 'b@-x.org' },
    ],
  })
})

test('nothing typed is neither good nor bad', () => {
  expect(readAddresses(' \n, ;')).toEqual({ good: [], bad: [] })
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
