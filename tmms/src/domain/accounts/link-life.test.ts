import { expect, test } from 'vitest'
import { DAY_MS, invitationLinkEnd } from './link-life.ts'

test.each([
  ['today', 0, 7],
  ['in six days', 6, 7],
  ['in six weeks', 42, 43],
  ['in five years', 5 * 365, 90],
])('U1 the link in an invitation to a meeting that ends %s', (_, endsInDays, days) => {
  const now = Date.parse('2026-11-27T22:00:00Z')
  expect(invitationLinkEnd(now, now + endsInDays * DAY_MS)).toBe(now + days * DAY_MS)
})
