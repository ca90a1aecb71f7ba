/** What a new password must be like, and a plain hint on how good it is. */
import { PASSWORD_MAX_BYTES, PASSWORD_MIN_CHARACTERS } from '@huisclos/tmms/contract/limits'
import { ApiFailure } from './api.ts'

export type Strength = 'too-short' | 'fair' | 'good'

/** The first thing wrong with the pair, or null. Lengths are of the form that is hashed (NFKC). */
export function checkPassword(password: string, confirmation: string): ApiFailure | null {
  const hashed = password.normalize('NFKC')
  if (password === '') return new ApiFailure('missing', { field: 'password' })
  if (Array.from(hashed).length < PASSWORD_MIN_CHARACTERS)
    return new ApiFailure('password-too-short', { field: 'password' })
  if (new TextEncoder().encode(hashed).length > PASSWORD_MAX_BYTES)
    return new ApiFailure('password-too-long', { field: 'password' })
  if (hashed !== confirmation.normalize('NFKC'))
    return new ApiFailure('passwords-differ', { field: 'confirmation' })
  return null
}

/** Length is what counts against guessing; few different characters spoil it. */
export function strengthOf(password: string): Strength {
  const characters = Array.from(password.normalize('NFKC'))
  if (characters.length < PASSWORD_MIN_CHARACTERS) return 'too-short'
  return characters.length >= 16 && new Set(characters).size >= 8 ? 'good' : 'fair'
}
