import { describe, expect, it } from 'vitest'
import { readPolicy } from './policy.ts'

const mark = { text: 'Restricted', colour: '#b42318' }

describe('what a token says of the policy', () => {
  it('is read as it stands', () => {
    const said = { messages: true, participants: 50, mark }
    expect(readPolicy(said)).toEqual(said)
  })

  it.each([undefined, null, {}, { later: true }])('allows nothing when it is %j', (pol) => {
    expect(readPolicy(pol)).toEqual({ messages: false, participants: 2, mark: null })
  })

  it.each([
    [],
    'messages',
    true,
    { messages: 'yes' },
    { messages: 1 },
    { messages: null },
    { participants: 1 },
    { participants: 2.5 },
    { participants: '3' },
    { participants: Infinity },
    { mark: 'Restricted' },
    { mark: { ...mark, text: '' } },
    { mark: { ...mark, text: 'x'.repeat(41) } },
    { mark: { ...mark, colour: 'red' } },
    { mark: { ...mark, colour: '#b42318;position:fixed' } },
    { mark: { text: 'Restricted' } },
  ])('is not guessed when it is %j', (pol) => {
    expect(() => readPolicy(pol)).toThrow(expect.objectContaining({ code: 'E_TOKEN_FORMAT' }))
  })
})
