import type { Account, Role } from '@huisclos/tmms/contract/accounts'
import type { AccountId } from '@huisclos/tmms/contract/ids'
import { expect, it } from 'vitest'
import { maySee, screenFor } from './table.ts'

const person = (role: Role): Account => ({
  id: 'a' as AccountId,
  email: 'ada@example.org',
  firstName: 'Ada',
  lastName: 'Lovelace',
  role,
  language: 'en',
})

it('whoever is not signed in signs in, in place of what the address asks for', () => {
  for (const screen of ['home', 'join', 'meeting', 'plan', 'admin'] as const)
    expect(screenFor(screen, null)).toBe('sign-in')
  for (const screen of ['setup', 'welcome', 'reset', 'not-found', 'join-incomplete'] as const)
    expect(screenFor(screen, null)).toBe(screen)
})

it('whoever is signed in already sees their meetings in place of the sign-in', () => {
  expect(screenFor('sign-in', person('user'))).toBe('home')
  expect(screenFor('join', person('user'))).toBe('join')
})

it.each([
  ['user', 'home', true],
  ['user', 'plan', false],
  ['user', 'admin', false],
  ['organiser', 'plan', true],
  ['organiser', 'admin', false],
  ['administrator', 'plan', true],
  ['administrator', 'admin', true],
] as const)('%s at %s: %s', (role, screen, may) => {
  expect(maySee(screen, person(role))).toBe(may)
  expect(maySee(screen, null)).toBe(false)
})
