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
    ['Ada ✔️ Verified', 'Ada Verified'],
    ['Ada☑', 'Ada'],
    ['Ada \u{10102}', 'Ada'],
    ['√ Ada', 'Ada'],
    ['👩🏽\u200d🔬 Ada 🇫🇷 1\ufe0f\u20e3', 'Ada 1'],
    ['Ada 🛡️', 'Ada'],
  ])('%j is a name', (typed, kept) => {
    expect(cleanName(typed, 'firstName')).toBe(kept)
  })

  it.each(['', '   ', '\u200b\u200b', '---', '\u3164', '✅', '👑👑', 'x'.repeat(81)])(
    'B5 %j is none',
    (typed) => {
      expect(() => cleanName(typed, 'lastName')).toThrow(
        expect.objectContaining({ code: 'invalid-name', field: 'lastName' }),
      )
    },
  )

  it('a title keeps its emoji', () => {
    expect(cleanTitle('Party 🎉')).toBe('Party 🎉')
  })

  it('a title has 1 to 120 characters', () => {
    expect(cleanTitle('x'.repeat(120))).toHaveLength(120)
    expect(() => cleanTitle('x'.repeat(121))).toThrow(expect.objectContaining({ field: 'title' }))
  })

  it('somebody without a name is called by their address', () => {
    const email = 'ada@example.org'
    expect(displayName({ firstName: 'Ada', lastName: 'L', email })).toBe('Ada L')
    expect(displayName({ firstName: '', lastName: '', email })).toBe(email)
    // As they were kept before signs were taken out.
    expect(displayName({ firstName: 'Ada', lastName: 'L ✔️', email })).toBe('Ada L')
    expect(displayName({ firstName: '✅', lastName: '', email })).toBe(email)
  })
})
