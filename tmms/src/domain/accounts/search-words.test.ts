import { expect, test } from 'vitest'
import { nameKey, searchWords, soughtWords } from './search-words.ts'

const person = { firstName: 'Zoé-Lou', lastName: 'd’Œuvre', email: 'zoe.l@xn--mnistre-o1a.example' }

test('U3 a person is found by each word of the name and of the address as it is read', () => {
  expect(searchWords({ ...person, email: 'zoe.l@int.gouv.example' })).toEqual([
    ...['zoe', 'lou', 'd', 'oeuvre', 'l', 'int', 'gouv', 'example', 'zoelou', 'doeuvre'],
    'zoe.l@int.gouv.example',
  ])
})

test('what is sought is cut at the same places, but for a whole address', () => {
  expect(soughtWords('  LOU Zoé-L d’ZOÉ ')).toEqual(['lou', 'zoe', 'l', 'd'])
  expect(soughtWords('zoe.l@int')).toEqual(['zoe.l@int'])
  expect(soughtWords('@int.gouv')).toEqual(['int', 'gouv'])
  expect(soughtWords('Straße Øre Łódź')).toEqual(['strasse', 'ore', 'lodz'])
})

test('a list by name puts last names first, and addresses where there is no name', () => {
  expect(nameKey(person)).toBe('d’oeuvre zoe-lou')
  expect(nameKey({ firstName: '', lastName: '', email: 'Ada@x.org' })).toBe('ada@x.org')
})

test.each([
  ['Jürgen', 'Jurgen juergen JÜRG'],
  ['Björn Åkesson', 'bjorn bjoern akesson aakesson'],
  ['Jäger Groß Ørsted', 'jager jaeger gross orsted oersted'],
  ['O’Brien', "obrien o'brien brien"],
  ["Jean-Pierre d'Artagnan", 'jeanpierre jean-pierre dartagnan artagnan'],
  ['Γιώργος', 'γιωργοσ ΓΙΩΡΓΟΣ γιωργος γιώργ'],
])('U3 %s is found as %s', (lastName, searches) => {
  const words = searchWords({ firstName: '', lastName, email: 'x@x.org' })
  for (const search of searches.split(' ')) {
    for (const sought of soughtWords(search)) {
      expect(words.some((word) => word.startsWith(sought))).toBe(true)
    }
  }
})

test.each(['***', '%', '_', '@', ' - '])('U3 a search of the signs %s alone is one', (text) => {
  expect(soughtWords(text)).toEqual([text.trim()])
})
