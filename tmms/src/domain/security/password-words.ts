/** Words that no password may contain. */
import {
  PASSWORD_WORD_MAX_CHARACTERS,
  PASSWORD_WORD_MIN_CHARACTERS,
} from '../../contract/limits.ts'
import type { PasswordRules } from '../../contract/security.ts'
import { TmmsError } from '../../errors.ts'
import { cleanLine } from '../accounts/clean-line.ts'
import { checkEach } from '../check-all.ts'

/**
 * Each word once. Letters and digits count, because browsers compare nothing else.
 * @throws {TmmsError} `invalid-word` at `words.<index>`.
 */
export function checkPasswordSettings(value: PasswordRules): PasswordRules {
  const words = checkEach(value.words, (text, index) => {
    const word = cleanLine(text)
    const counted = Array.from(word.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '')).length
    const fits = Array.from(word).length <= PASSWORD_WORD_MAX_CHARACTERS
    if (fits && counted >= PASSWORD_WORD_MIN_CHARACTERS) return word
    throw new TmmsError(
      'invalid-word',
      `A word has ${PASSWORD_WORD_MIN_CHARACTERS} to ${PASSWORD_WORD_MAX_CHARACTERS} letters and digits.`,
      { field: `words.${index}` },
    )
  })
  return { ...value, words: [...new Set(words)] }
}
