import { expect, it } from 'vitest'
import type { FormFailures } from '../../../account/form-failures.ts'
import { isKind, placeholdersOf, requireGood } from './letter-draft.ts'
import { wordFault, wordPlace } from './letter-words.ts'

const good = { subject: 'a', text: 'b {link}', button: 'c' }

it('U4 everything that is wrong with a wording is found before it is sent', () => {
  requireGood('reset', { en: good, fr: good })
  const fields = (): string[] => {
    try {
      requireGood('reset', { en: { ...good, text: 'b' }, fr: { ...good, subject: '{title}' } })
    } catch (error) {
      return (error as FormFailures).failures.map(({ field }) => field ?? '')
    }
    return []
  }
  expect(fields()).toEqual(['wording.en.text', 'wording.fr.subject'])
})

it('U4 a fault is one sentence with language, part and what to do', () => {
  const rule = { max: 10, lines: false, may: ['title' as const], must: [] }
  const place = wordPlace('fr', 'subject')
  expect(wordFault(place, { is: 'unknown', name: 'x' }, rule)).toBe(
    'Subject in French: the placeholder {x} does not exist here. Take it out, or use one of these: {title}.',
  )
  expect(wordFault(place, { is: 'missing', name: 'link' }, rule)).toContain('{link} is missing')
})

it('a mail knows its placeholders, and an address names no other mail', () => {
  expect(placeholdersOf('reset')).toEqual([
    { name: 'installation', required: false },
    { name: 'link', required: true },
  ])
  expect(['reset', 'constructor', 'toString'].map(isKind)).toEqual([true, false, false])
})
