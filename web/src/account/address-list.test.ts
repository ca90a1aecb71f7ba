/** Lists of invited people as they are really pasted. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { isMailAddress } from '@huisclos/tmms/contract/email'
import { readAddresses } from './address-list.ts'
import { normalise } from './normalise.ts'

type Wanted = readonly (readonly [string | null, string])[] | 'refused'
const { cases } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../tmms/test/cases/addresses.json'), 'utf8'),
) as { cases: { from: string; text: string; want: Wanted }[] }

function emails(text: string): readonly string[] {
  return readAddresses(text).good.map(({ email }) => email)
}

function refused(text: string): readonly string[] {
  return readAddresses(text).bad.map(({ text }) => text)
}

/** Name and address, as the cases write them. */
function people(text: string): [string | null, string][] {
  return readAddresses(text).good.map(({ firstName, lastName, email }) => [
    `${firstName} ${lastName}`.trim() || null,
    email,
  ])
}

describe('U2 address lists', () => {
  test('names alone in one line are asked for their addresses, and are nobody else’s name', () => {
    expect(people('Ada, Grace, tom@x.org')).toEqual([[null, 'tom@x.org']])
    expect(refused('Ada, Grace, tom@x.org')).toEqual(['Ada', 'Grace'])
  })

  test('a word in an unknown character set stays as it was', () => {
    expect(people('=?x-none?Q?Ada?= <ada@x.org>')[0]?.[1]).toBe('ada@x.org')
  })

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
    [
      'a quote within quotes',
      String.raw`"Ada \"Countess\" Lovelace" <ada@x.org>`,
      [['Ada "Countess" Lovelace', 'ada@x.org']],
    ],
    [
      'the source of a mail',
      '=?utf-8?Q?Roux=2C?= =?utf-8?Q?_Ad=C3=A8le?= <ada@x.org>, =?ISO-8859-1?B?QmpvZXJuIEz2dg==?= <b@x.org>',
      [
        ['Adèle Roux', 'ada@x.org'],
        ['Bjoern Löv', 'b@x.org'],
      ],
    ],
    [
      'a table with commas',
      'first_name,last_name,email\nAda,Lovelace,ada@x.org\nTom,Thumb,tom@x.org',
      [
        ['Ada Lovelace', 'ada@x.org'],
        ['Tom Thumb', 'tom@x.org'],
      ],
    ],
    [
      'a table of one row with its title',
      'prénom;nom;courriel\nAda;Lovelace;ada@x.org',
      [['Ada Lovelace', 'ada@x.org']],
    ],
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
      'links of Markdown on one line',
      '[Ida Rolf](mailto:ida@x.org), [tom@x.org](mailto:tom@x.org)',
      [
        ['Ida Rolf', 'ida@x.org'],
        [null, 'tom@x.org'],
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
    ['A. Dupont', 'A.', 'Dupont'],
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
  expect(refused('a@x.org, Bob, c@, @d.org, e@localhost, Bob Smith; d@x.org')).toEqual([
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

test('nothing typed is neither good nor bad', () => {
  expect(readAddresses(' \n, ;')).toEqual({ good: [], bad: [] })
})

test('A6 addresses are compared trimmed, composed and in lower case', () => {
  expect(normalise('  Zoe\u0308@Example.ORG ')).toBe('zo\u00eb@example.org')
})

test.each(['a@b', 'a b@x.org', 'a@x..org', 'a@@x.org', '', `${'a'.repeat(250)}@x.org`])(
  '%j is no address',
  (text) => {
    expect(isMailAddress(text)).toBe(false)
  },
)

describe('U2 what stands around addresses', () => {
  it.each([
    '‹kim@example.org›',
    '«kim@example.org»',
    '« kim@example.org »',
    '»kim@example.org«',
    '›kim@example.org‹',
    '〈kim@example.org〉',
    '《kim@example.org》',
    '＜kim@example.org＞',
    '⟨kim@example.org⟩',
    '❮kim@example.org❯',
    '{kim@example.org}',
    '<<kim@example.org>>',
    '“kim@example.org”',
    '„kim@example.org“',
    '`kim@example.org`',
    'kim@example.org:',
    'ｋｉｍ＠ｅｘａｍｐｌｅ．ｏｒｇ',
    'kim@example.org<mailto:kim@example.org>',
    'mailto:kim@example.org?subject=Hello',
    '[kim@example.org](mailto:kim@example.org)',
    '> To: kim@example.org',
    'and kim@example.org',
  ])('%s is one address without a name', (text) => {
    expect(people(text)).toEqual([[null, 'kim@example.org']])
    expect(refused(text)).toEqual([])
  })

  it.each([
    'Kim Rolf ‹kim@example.org›',
    '« Kim Rolf » <kim@example.org>',
    '« Rolf, Kim » ‹kim@example.org›',
    'Kim Rolf: kim@example.org',
    'Kim Rolf – kim@example.org',
    'Kim Rolf\n<kim@example.org>',
    'Kim Rolf <kim@example.org<mailto:kim@example.org>>',
    '[Kim Rolf](mailto:kim@example.org)',
    'On Mon, Nov 3, 2026 at 10:00 AM Kim Rolf <kim@example.org> wrote:',
    'Le lun. 3 nov. 2026 à 10:00, Kim Rolf <kim@example.org> a écrit :',
    ...[
      'To:',
      'Cc:',
      'Bcc:',
      'From:',
      'À :',
      'À\u00a0:',
      'A :',
      'Cci :',
      'De :',
      'Pour :',
      '*To:*',
      'TO:',
    ],
    ...[
      'To:\t',
      'Copie à :',
      'Répondre à :',
      'Reply-To:',
      'Participants obligatoires :',
      'E-mail :',
    ],
    ...[
      '1.',
      '1)',
      '(1)',
      '12.',
      '1 -',
      '-',
      '–',
      '•',
      '*',
      '·',
      '▪',
      '○',
      '\uf0b7\t',
      'o\t',
      'a)',
      '✓',
      '1.\t',
    ],
  ])('%s is left out of the name', (text) => {
    const whole = text.includes('@') ? text : `${text} Kim Rolf <kim@example.org>`
    expect(people(whole)).toEqual([['Kim Rolf', 'kim@example.org']])
    expect(refused(whole)).toEqual([])
  })

  it.each([
    ['-kim@example.org', ['kim@example.org']],
    ['1.kim@example.org', ['1.kim@example.org']],
    ['To: a@x.org Cc: b@x.org', ['a@x.org', 'b@x.org']],
    ['Team: a@x.org, b@x.org;', ['a@x.org', 'b@x.org']],
    ['a@x.org et b@x.org', ['a@x.org', 'b@x.org']],
    ['Objet : réunion de c@x.org\nÀ : a@x.org', ['a@x.org']],
    ['E-mail\na@x.org\nb@x.org', ['a@x.org', 'b@x.org']],
    ['Nom\tPrénom\tE-mail\nRolf\tIda\ta@x.org', ['a@x.org']],
    [
      '-----Original Message-----\nFrom: a@x.org\nSent: Monday\nTo: b@x.org',
      ['a@x.org', 'b@x.org'],
    ],
    ['---------- Forwarded message ---------\nDe : <a@x.org>\nDate: lun. 3 nov.', ['a@x.org']],
    ['Group <a@x.org, b@x.org>', ['a@x.org', 'b@x.org']],
  ])('%s is read', (text, want) => {
    expect(emails(text)).toEqual(want)
    expect(refused(text)).toEqual([])
  })

  it('a number in a table is no name', () => {
    expect(people('1\tIda Rolf\tida@x.org\n2\t\ttom@x.org')).toEqual([
      ['Ida Rolf', 'ida@x.org'],
      [null, 'tom@x.org'],
    ])
  })
})

describe('U4 an entry that looks much like an address', () => {
  it.each([
    ['paul.durand@exemple,fr', 'paul.durand@exemple.fr'],
    ['Paul Durand <paul.durand@exemple,fr>', 'paul.durand@exemple.fr'],
    ['pierre.bernard(at)exemple.fr', 'pierre.bernard@exemple.fr'],
    ['pierre.bernard [at] exemple.fr', 'pierre.bernard@exemple.fr'],
    ['pierre.bernard(arobase)exemple(point)fr', 'pierre.bernard@exemple.fr'],
    ['Pierre Bernard <pierre.bernard(at)exemple.fr>', 'pierre.bernard@exemple.fr'],
    ['pierre.bernard at exemple.fr', 'pierre.bernard@exemple.fr'],
    ['lucas@exemple..fr', 'lucas@exemple.fr'],
    ['Lucas <lucas@exemple.fr.>', 'lucas@exemple.fr'],
  ])('%s is one entry, quoted as typed', (text, meant) => {
    const bad = [{ text, why: 'address-slip', meant }]
    expect(readAddresses(text)).toEqual({ good: [], bad })
    const among = readAddresses(`Ida <ida@x.org>, ${text}; tom@x.org`)
    expect(among.bad).toEqual(bad)
    expect(among.good.map(({ email }) => email)).toEqual(['ida@x.org', 'tom@x.org'])
  })

  it.each(['lucas@exemplefr', 'Bob', 'bob(DRH)', 'Bob (DRH) Smith'])(
    '%s is quoted as typed, and nothing is guessed',
    (text) => {
      expect(readAddresses(text)).toEqual({ good: [], bad: [{ text, why: 'invalid-email' }] })
    },
  )

  it.each(['a@x.org,bob@x.org', 'a@x.org,b@x.org,c@x.org', 'Ida at home <ida@x.org>'])(
    '%s holds no slip',
    (text) => {
      expect(refused(text)).toEqual([])
    },
  )
})

describe('U4 an address that may not be what was meant', () => {
  it.each([
    '"x" <y@z.org',
    'x <y@z.org, Ida <ida@x.org>',
    'y@z.org>',
    '‹y@z.org',
    'y@z.org›',
    '[y@z.org',
    '(y@z.org',
    'y@z.org)',
  ])('%s lacks a bracket', (text) => {
    expect(emails(text)).not.toContain('y@z.org')
    expect(readAddresses(text).bad).toMatchObject([{ why: 'bracket-missing' }])
  })

  it.each([
    ['a@x.org <b@y.org>', 'a@x.org <b@y.org>'],
    ['"a@x.org" <b@y.org>', 'a@x.org <b@y.org>'],
    ['Ida (ida at work) a@x.org <b@y.org>', 'a@x.org <b@y.org>'],
    ['bob@localhost <b@y.org>', 'bob@localhost <b@y.org>'],
  ])('%s holds two', (text, named) => {
    expect(readAddresses(text)).toEqual({ good: [], bad: [{ text: named, why: 'two-addresses' }] })
  })

  it('an address that was named before stays', () => {
    expect(emails('a@x.org; a@x.org <b@y.org>')).toEqual(['a@x.org'])
  })

  it('a long run of signs is read at once', () => {
    for (const sign of ['<', '@', '«', '-', '"', '\t', 'a ', '<a@'])
      expect(emails(sign.repeat(20_000))).toEqual([])
  })
})
