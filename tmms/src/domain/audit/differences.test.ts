import { expect, it } from 'vitest'
import { differences } from './differences.ts'

it('U5 names what differs with what it was, and nothing else', () => {
  const before = { messages: true, participants: 20, free: ['a.org'], same: 1, gone: false }
  const after = { messages: false, participants: 20, free: ['a.org', 'b.org'], same: 1, fresh: 'x' }
  expect(differences(before, after)).toEqual({
    ...{ messages: false, 'messages.from': true },
    ...{ free: ['a.org', 'b.org'], 'free.from': ['a.org'] },
    ...{ gone: null, 'gone.from': false },
    ...{ fresh: 'x', 'fresh.from': null },
  })
  expect(differences(before, before)).toEqual({})
})
