import { describe, expect, it } from 'vitest'
import { cleanName, cleanTitle, displayName } from './names.ts'

describe('names and titles', () => {
  it.each([
    ['  Ada ', 'Ada'],
    ['Jean  Paul', 'Jean Paul'],
    ['O’Brien', 'O’Brien'],
    ['李', '李'],
    // A zero-width non-joiner is part of Persian spelling.
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['<b>Bob</b>', '<b>Bob</b>'],
    ['Ada\r\n', 'Ada'],
    ['abc\u202etxt', 'abctxt'],
  ])('%j is a name', (typed, kept) => {
    expect(cleanName(typed, 'firstName')).toBe(kept)
  })

  it.each(['', '   ', '\u200b\u200b', '---', '\u3164', 'x'.repeat(81)])(
    'B5 %j is none',
    (typed) => {
      expect(() => cleanName(typed, 'lastName')).toThrow(
        expect.objectContaining({ code: 'invalid-name', field: 'lastName' }),
      )
    },
  )

  it('a title has 1 to 120 characters', () => {
    expect(cleanTitle('x'.repeat(120))).toHaveLength(120)
    expect(() => cleanTitle('x'.repeat(121))).toThrow(expect.objectContaining({ field: 'title' }))
  })

  it('somebody without a name is called by their address', () => {
    const email = 'ada@example.org'
    expect(displayName({ firstName: 'Ada', lastName: 'L', email })).toBe('Ada L')
    expect(displayName({ firstName: '', lastName: '', email })).toBe(email)
  })
})
