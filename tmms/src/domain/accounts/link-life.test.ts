import { expect, test } from 'vitest'
import { SETTINGS } from '../../contract/settings.ts'
import { DAY_MS, invitationLinkEnd } from './link-life.ts'

const asItComes = SETTINGS.links.parse({})

test.each([
  ['today', 0, 7],
  ['in six days', 6, 7],
  ['in six weeks', 42, 43],
  ['in five years', 5 * 365, 90],
])('U1 the link in an invitation to a meeting that ends %s', (_, endsInDays, days) => {
  const now = Date.parse('2026-11-27T22:00:00Z')
  const end = invitationLinkEnd(asItComes, now, now + endsInDays * DAY_MS)
  expect(end).toBe(now + days * DAY_MS)
})

test('an administrator sets the shortest and the longest life of such a link', () => {
  const set = { ...asItComes, activationDays: 2, invitationDays: 10 }
  expect(invitationLinkEnd(set, 0, 0)).toBe(2 * DAY_MS)
  expect(invitationLinkEnd(set, 0, 5 * DAY_MS)).toBe(6 * DAY_MS)
  expect(invitationLinkEnd(set, 0, 50 * DAY_MS)).toBe(10 * DAY_MS)
})
