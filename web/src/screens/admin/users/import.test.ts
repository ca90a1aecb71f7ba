import { expect, test } from 'vitest'
import { invitationsOf } from './import.ts'

const defaults = { role: 'user', language: 'fr' }

test('a line asks for what it says, in the words of either language, and else for what is usual', () => {
  const lines = [
    { line: 2, email: 'a@x.org', role: 'Organisatrice', language: 'English' },
    { line: 3, email: 'b@x.org', role: ' ', firstName: 'Zoé' },
    { line: 4, email: 'c@x.org', role: 'Boss' },
  ]
  expect(invitationsOf(lines, defaults)).toEqual([
    { line: 2, invitation: { email: 'a@x.org', role: 'organiser', language: 'en' } },
    { line: 3, invitation: { email: 'b@x.org', ...defaults, firstName: 'Zoé' } },
    { line: 4, invitation: { email: 'c@x.org', role: 'boss', language: 'fr' } },
  ])
})

test('U3 a cell of any length is one line with a problem, and no body that is refused whole', () => {
  const [one] = invitationsOf([{ line: 2, email: 'x'.repeat(5_000) }], defaults)
  expect(one?.invitation.email).toHaveLength(1_000)
})
