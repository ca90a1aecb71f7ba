/** What a new password must be like, and a plain hint on how good it is. */
import { PASSWORD_MAX_BYTES, PASSWORD_MIN_CHARACTERS } from '@huisclos/tmms/contract/limits'
import { ApiFailure } from './api.ts'

export type Strength = 'too-short' | 'fair' | 'good'

export interface Owner {
  readonly firstName: string
  readonly lastName: string
  readonly email: string
}

const PRODUCT = 'huisclos'
/** Shorter parts of names and addresses stand in words by chance. */
const PART_MIN_CHARACTERS = 3
/** What others do not know of it must be at least this long. */
const OWN_MIN_CHARACTERS = 8

/**
 * Everything wrong with the pair. Lengths are of the form that is hashed (NFKC). The server never sees the password, so
 * nobody else can refuse it.
 * @throws {ApiFailure} `offline` when the list of common passwords cannot be loaded.
 */
export async function checkPassword(
  password: string,
  confirmation: string,
  owner: Owner,
): Promise<readonly ApiFailure[]> {
  const hashed = password.normalize('NFKC')
  const field = 'password'
  if (password === '') return [new ApiFailure('missing', { field })]
  const failures: ApiFailure[] = []
  if (hashed !== confirmation.normalize('NFKC'))
    failures.push(new ApiFailure('passwords-differ', { field: 'confirmation' }))
  if (Array.from(hashed).length < PASSWORD_MIN_CHARACTERS)
    return [new ApiFailure('password-too-short', { field }), ...failures]
  if (new TextEncoder().encode(hashed).length > PASSWORD_MAX_BYTES)
    return [new ApiFailure('password-too-long', { field }), ...failures]
  if (isPersonal(hashed, owner))
    return [new ApiFailure('password-personal', { field }), ...failures]
  if (await isCommon(hashed)) return [new ApiFailure('password-common', { field }), ...failures]
  return failures
}

/** Length is what counts against guessing; few different characters spoil it. */
export function strengthOf(password: string): Strength {
  const characters = Array.from(password.normalize('NFKC'))
  if (characters.length < PASSWORD_MIN_CHARACTERS) return 'too-short'
  return characters.length >= 16 && new Set(characters).size >= 8 ? 'good' : 'fair'
}

function isPersonal(password: string, { firstName, lastName, email }: Owner): boolean {
  const known = [PRODUCT, firstName, lastName, email]
    .flatMap((text) => plain(text).split(/[^\p{L}\p{N}]+/u))
    .filter((part) => part.length >= PART_MIN_CHARACTERS)
    .toSorted((a, b) => b.length - a.length)
  const rest = known.reduce((text, part) => text.replaceAll(part, ' '), plain(password))
  const own = rest.replace(/[^\p{L}\p{N}]/gu, '')
  return rest !== plain(password) && own.length < OWN_MIN_CHARACTERS
}

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

/** @throws {ApiFailure} `offline` when the list cannot be loaded. */
export async function isCommon(password: string): Promise<boolean> {
  try {
    const { isGuessable } = await import('./guessable.ts')
    return isGuessable(password)
  } catch (cause) {
    throw new ApiFailure('offline', { cause })
  }
}
