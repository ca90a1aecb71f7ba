import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SameNames, type Trust } from './same-names.ts'

interface NameCase {
  readonly given: string
  readonly like?: string
}
const { cases } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../../tmms/test/cases/names.json'), 'utf8'),
) as { cases: NameCase[] }

/** What people who come in this order are called. */
function called(...people: readonly (string | readonly [string, Trust])[]): readonly string[] {
  const names = new SameNames()
  const pairs = people.map((one) => (typeof one === 'string' ? ([one, 'none'] as const) : one))
  for (const [sub, [name, trust]] of pairs.entries()) names.meet(String(sub), name, trust)
  return pairs.map((_, sub) => names.label(String(sub)) ?? '')
}

/** Both are marked, whoever comes first, and differently. */
function expectApart(one: string, two: string): void {
  for (const pair of [called(one, two), called(two, one)])
    expect(pair).toEqual([expect.stringMatching(/ \(1\)$/), expect.stringMatching(/ \(2\)$/)])
}

it('U3 accounts of the same name are told apart alike, whoever came first, and stay so', () => {
  const names = new SameNames()
  names.meet('1', 'Ada Lovelace', 'none')
  expect(names.label('1')).toBe('Ada Lovelace')
  names.meet('2', 'Ada Lovelace', 'none')
  names.meet('1', 'Ada Lovelace', 'none')
  names.meet('3', 'Ada Lovelace', 'none')
  expect(['1', '2', '3'].map((sub) => names.label(sub))).toEqual([
    'Ada Lovelace (1)',
    'Ada Lovelace (2)',
    'Ada Lovelace (3)',
  ])
  expect(names.label('4')).toBeNull()
})

it('U3 the only one who is verified keeps the plain name, and so does this person', () => {
  const ada = 'Ada Lovelace'
  expect(called(ada, [ada, 'verified'])).toEqual(['Ada Lovelace (1)', ada])
  expect(called([ada, 'verified'], [ada, 'verified'])).toEqual([`${ada} (1)`, `${ada} (2)`])
  expect(called([ada, 'self'], [ada, 'verified'], ada)).toEqual([ada, `${ada} (2)`, `${ada} (3)`])
})

it('U3 trust that comes or goes while the others are there changes who is plain', () => {
  const names = new SameNames()
  for (const sub of ['1', '2']) names.meet(sub, 'Ida', 'none')
  names.meet('2', 'Ida', 'verified')
  expect([names.label('1'), names.label('2')]).toEqual(['Ida (1)', 'Ida'])
  names.meet('2', 'Ida', 'none')
  expect([names.label('1'), names.label('2')]).toEqual(['Ida (1)', 'Ida (2)'])
})

it('nobody is called like the mark of somebody else', () => {
  expect(called('Ida', 'Ida', 'Ida (1)')).toEqual(['Ida (1)', 'Ida (2)', 'Ida (1) (1)'])
  expect(called('Ida (1)', 'Ida', 'Ida')).toEqual(['Ida (1)', 'Ida (2)', 'Ida (3)'])
})

it('other names have no mark', () => {
  const others = ['Ada Lovelace', 'Adam Lovelace', 'Grace Hopper', 'Émile', 'Emile', '李', '季']
  expect(called(...others)).toEqual(others)
})

it.each([
  ['Ada ✔️ Verified', 'Ada Verified'],
  ['Ada ☑', 'Ada'],
  ['Ada 🛡️ 👩🏽\u200d🔬', 'Ada'],
  ['✅', 'Unknown person'],
])('U3 %s draws no sign of ours beside the name', (claimed, shown) => {
  const names = new SameNames()
  names.meet('1', claimed, 'none')
  expect(names.label('1')).toBe(shown)
})

describe('U3 names that look the same', () => {
  it.each(cases.flatMap(({ given, like }) => (like === undefined ? [] : [{ given, like }])))(
    '$given is never shown like $like without a mark',
    ({ given, like }) => {
      const [first = '', second = ''] = called(like, given)
      expect(first).toBe(`${like} (1)`)
      expect(second).toMatch(/ \(2\)$/)
    },
  )

  it.each([
    ['Ada Lovelace', 'ada LOVELACE'],
    ['Ada Lovelace', 'Ａda Lovelace'],
    ['Ada Lovelace', 'Аdа Lоvеlаcе'],
    ['Ada Lovelace', 'Ada L0velace'],
    ['Ada Lovelace', 'Ada Love1ace'],
    ['Ida Lovelace', 'lda L0velace'],
    ['Ada Lovelace', 'AdaLovelace'],
    ['Ada Lovelace', 'Ada-Lovelace'],
    ['Ada Lovelace', 'Ada\u{1d159} Lovelace'],
    ['Ada Lovelace', 'Ada\u{16fe4} Lovelace'],
    ['Ada Lovelace', 'Ada\u3164Lovelace'],
    ['Ada Lovelace', 'Ada\u115f Lovelace'],
    ['Ada Lovelace', 'Ada\u2800Lovelace'],
    ['Ada Lovelace', 'Ada Lovelace.'],
    ['Wanda', 'VVanda'],
    ['Wanda', 'vvanda'],
    ['ADA', 'АDА'],
    ['Ada Lovelace', 'Αdа Lovelace'],
    ['Tom Marin', 'Torn Marin'],
    ['Pascal', '𝒫𝒶𝓈𝒸𝒶𝓁'],
    ['Élise', 'E\u0301lise'],
    ['Zoe O’Hara', "Zoe O'Hara"],
  ])('%s and %s', expectApart)

  it('Ada Lovelace and the same with a check mark', () => {
    expect(called('Ada Lovelace', 'Ada Lovelace ✔️')).toEqual([
      'Ada Lovelace (1)',
      'Ada Lovelace (2)',
    ])
  })
})
