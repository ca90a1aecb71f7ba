import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SameNames } from './same-names.ts'

interface NameCase {
  readonly given: string
  readonly like?: string
}
const { cases } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../../tmms/test/cases/names.json'), 'utf8'),
) as { cases: NameCase[] }

it('a second account of the same name is another person, and stays so', () => {
  const names = new SameNames()
  expect(names.label('Ada Lovelace', '1')).toBe('Ada Lovelace')
  expect(names.label('Ada Lovelace', '2')).toBe('another Ada Lovelace')
  expect(names.label('Ada Lovelace', '3')).toBe('another Ada Lovelace (3)')
  expect(names.label('Ada Lovelace', '1')).toBe('Ada Lovelace')
  expect(names.label('Ada Lovelace', '2')).toBe('another Ada Lovelace')
})

it('nobody is called like the mark of somebody else', () => {
  const late = new SameNames()
  late.label('Ada Lovelace', '1')
  late.label('Ada Lovelace', '2')
  expect(late.label('another Ada Lovelace', '3')).toBe('another another Ada Lovelace')
  const early = new SameNames()
  early.label('another Ada Lovelace', '3')
  early.label('Ada Lovelace', '1')
  expect(early.label('Ada Lovelace', '2')).toBe('another Ada Lovelace (3)')
})

it('other names have no mark', () => {
  const names = new SameNames()
  for (const [sub, name] of [
    'Ada Lovelace',
    'Adam Lovelace',
    'Grace Hopper',
    'Émile',
    'Emile',
    '李',
    '季',
  ].entries())
    expect(names.label(name, String(sub))).toBe(name)
})

describe('U3 names that look the same', () => {
  it.each(cases.flatMap(({ given, like }) => (like === undefined ? [] : [{ given, like }])))(
    '$given is never shown like $like without a mark',
    ({ given, like }) => {
      const names = new SameNames()
      names.label(like, '1')
      expect(names.label(given, '2')).toBe(`another ${given}`)
      const other = new SameNames()
      other.label(given, '2')
      expect(other.label(like, '1')).toBe(`another ${like}`)
    },
  )

  it.each([
    ['Ada Lovelace', 'ada  LOVELACE'],
    ['Ada Lovelace', 'Ａda Lovelace'],
    ['Ada Lovelace', 'Аdа Lоvеlаcе'],
    ['ADA', 'АDА'],
    ['Ada Lovelace', 'Αdа Lovelace'],
    ['Tom Marin', 'Torn Marin'],
    ['Pascal', '𝒫𝒶𝓈𝒸𝒶𝓁'],
    ['Élise', 'E\u0301lise'],
    ['Zoe O’Hara', "Zoe O'Hara"],
  ])('%s and %s', (one, two) => {
    const names = new SameNames()
    names.label(one, '1')
    expect(names.label(two, '2')).toBe(`another ${two}`)
  })
})
