/** What is said of invitations that were sent. */
import { expect, test } from 'vitest'
import { wordInvited } from './sent-invitations.ts'

test('U4 whoever was invited before is named with the role that they keep', () => {
  const sent = [
    { email: 'a@x.org', role: 'user', again: false },
    { email: 'b@x.org', role: 'organiser', again: true },
    { email: 'c@x.org', role: 'user', again: false },
  ] as const
  expect(wordInvited(sent)).toEqual([
    'An invitation is on its way to a@x.org, c@x.org. Role: User.',
    'Already invited as Organiser; the invitation was sent again: b@x.org.',
  ])
  expect(wordInvited([])).toEqual([])
})
