import { SECURITY_NUMBERS } from '@huisclos/tmms/contract/security-numbers'
import { beforeEach, expect, it } from 'vitest'
import { overwriteGetLocale } from '../paraglide/runtime.js'
import { wordMinutes } from './lengths.ts'
import { wordRange, wordRestriction, wordValue } from './policy.ts'

beforeEach(() => overwriteGetLocale(() => 'en'))
/** With ordinary spaces. */
const plain = (text: string): string => text.replaceAll(/\s/g, ' ')

it('a length is said in the units that people use', () => {
  const words = (minutes: number) =>
    (['en', 'fr'] as const).map((language) => plain(wordMinutes(minutes, language)))
  expect(words(5)).toEqual(['5 minutes', '5 minutes'])
  expect(words(60)).toEqual(['1 hour', '1 heure'])
  expect(words(90)).toEqual(['1 hour 30 minutes', '1 heure 30 minutes'])
  expect(words(1440)).toEqual(['24 hours', '24 heures'])
  expect(words(10_080)).toEqual(['7 days', '7 jours'])
})

it('U every limit of a duration says so, too', () => {
  const restriction = { name: 'durationMin', value: 1440 } as const
  expect(plain(wordValue('durationMin', 1440))).toBe('At most 24 hours')
  expect(plain(wordRestriction(restriction))).toContain('last 24 hours at most')
  for (const name of ['durationMin', 'resetMinutes']) {
    expect(plain(wordRange(name))).toBe('A whole number from 5 to 1440 (24 hours).')
  }
  expect(plain(wordRange('hours'))).toBe('A whole number from 1 to 168 (7 days).')
  expect(plain(wordRange('idleMinutes'))).toContain(`${SECURITY_NUMBERS.idleMinutes.max} (7 days)`)
  overwriteGetLocale(() => 'fr')
  expect(plain(wordValue('durationMin', 1440))).toBe('Au plus 24 heures')
  expect(plain(wordRestriction(restriction))).toContain('24 heures')
  expect(plain(wordRange('durationMin'))).toBe('Un nombre entier de 5 à 1440 (24 heures).')
})
