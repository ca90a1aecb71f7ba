import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanLine } from './clean-line.ts'

interface NameCase {
  readonly given: string
  readonly want: 'keeps' | 'apart'
  readonly as?: string
}
const CASES = (
  JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../../../test/cases/names.json'), 'utf8'),
  ) as {
    cases: NameCase[]
  }
).cases

describe('U3 invisible characters', () => {
  it.each(CASES.filter(({ want }) => want === 'keeps'))(
    '$given is kept as $as',
    ({ given, as }) => {
      expect(cleanLine(given)).toBe(as)
    },
  )

  it('none of those that hide in a name are left', () => {
    for (const { given } of CASES.filter(({ want }) => want === 'apart'))
      expect(cleanLine(given)).toMatch(/^[\p{L}]+$/u)
  })

  it.each([
    ['a line break and a tab are blanks', 'Ada\r\n\tLovelace', 'Ada Lovelace'],
    ['no-break spaces are blanks', '\u00a0Ada\u202fLovelace\u2800', 'Ada Lovelace'],
    ['controls go', 'A\u0000d\u001ba\u009f', 'Ada'],
    ['noteheads and fillers go', 'A\u{1d159}d\u{16fe4}a\u3164 \u115fL\u2800', 'Ada L'],
    ['direction is not turned', 'abc\u202etxt', 'abctxt'],
    ['a joiner between Latin letters goes', 'Ad\u200da', 'Ada'],
    ['joiners at the end of a word go', 'علی\u200c \u200dرضا', 'علی رضا'],
    ['one behind another goes', 'علی\u200c\u200cرضا', 'علیرضا'],
    ['a joiner behind a virama stays', 'क्\u200dष', 'क्\u200dष'],
    ['emoji stay whole', '👩🏽\u200d🔬 ☂\ufe0f', '👩🏽\u200d🔬 ☂\ufe0f'],
    ['Arabic number signs are seen', '\u0600٤', '\u0600٤'],
  ])('%s', (_, given, kept) => {
    expect(cleanLine(given)).toBe(kept)
  })

  it('a clean line is not changed again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        expect(cleanLine(cleanLine(text))).toBe(cleanLine(text))
      }),
    )
  })
})
