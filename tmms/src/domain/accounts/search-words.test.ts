import { expect, test } from 'vitest'
import { nameKey, searchWords, soughtWords } from './search-words.ts'

const person = { firstName: 'Zoé-Lou', lastName: 'd’Œuvre', email: 'zoe.l@xn--mnistre-o1a.example' }

test('U3 a person is found by each word of the name and of the address as it is read', () => {
  expect(searchWords({ ...person, email: 'zoe.l@int.gouv.example' })).toEqual([
    ...['zoe', 'lou', 'd', 'oeuvre', 'l', 'int', 'gouv', 'example'],
    'zoe.l@int.gouv.example',
  ])
})

test('what is sought is cut at the same places, but for a whole address', () => {
  expect(soughtWords('  LOU Zoé-L d’ZOÉ ')).toEqual(['lou', 'zoe', 'l', 'd'])
  expect(soughtWords('zoe.l@int')).toEqual(['zoe.l@int'])
  expect(soughtWords('@int.gouv')).toEqual(['int', 'gouv'])
  expect(soughtWords(' - ')).toEqual([])
  expect(soughtWords('Straße Øre Łódź')).toEqual(['strasse', 'ore', 'lodz'])
})

test('a list by name puts last names first, and addresses where there is no name', () => {
  expect(nameKey(person)).toBe('d’oeuvre zoe-lou')
  expect(nameKey({ firstName: '', lastName: '', email: 'Ada@x.org' })).toBe('ada@x.org')
})
