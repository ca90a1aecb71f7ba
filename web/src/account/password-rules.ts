/** What a new password must be like, and a plain hint on how good it is. */
import { PASSWORD_MAX_BYTES, PASSWORD_MIN_CHARACTERS } from '@huisclos/tmms/contract/limits'
import { ApiFailure } from './api.ts'

type Strength = 'fair' | 'good'
type Refusal = 'password-too-short' | 'password-too-long' | 'password-personal' | 'password-common'
export type Verdict = Strength | Refusal

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
 * Everything wrong with the pair. The server never sees the password, so nobody else can refuse it.
 * @throws {ApiFailure} `offline` when the list of common passwords cannot be loaded.
 */
export async function checkPassword(
  password: string,
  confirmation: string,
  owner: Owner,
): Promise<readonly ApiFailure[]> {
  const field = 'password'
  if (password === '') return [new ApiFailure('missing', { field })]
  const differ =
    password.normalize('NFKC') === confirmation.normalize('NFKC')
      ? []
      : [new ApiFailure('passwords-differ', { field: 'confirmation' })]
  const verdict = await judgePassword(password, owner)
  return isStrength(verdict) ? differ : [new ApiFailure(verdict, { field }), ...differ]
}

/**
 * The one verdict on a password: why it is refused, or how good it is. Lengths are of the form that is hashed (NFKC).
 * @throws {ApiFailure} `offline` when the list of common passwords cannot be loaded.
 */
export async function judgePassword(password: string, owner: Owner): Promise<Verdict> {
  const hashed = password.normalize('NFKC')
  const characters = Array.from(hashed)
  if (characters.length < PASSWORD_MIN_CHARACTERS) return 'password-too-short'
  if (new TextEncoder().encode(hashed).length > PASSWORD_MAX_BYTES) return 'password-too-long'
  if (isPersonal(hashed, owner)) return 'password-personal'
  if (await isCommon(hashed)) return 'password-common'
  // Length is what counts against guessing; few different characters spoil it.
  return characters.length >= 16 && new Set(characters).size >= 8 ? 'good' : 'fair'
}

export function isStrength(verdict: Verdict): verdict is Strength {
  return verdict === 'fair' || verdict === 'good'
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
async function isCommon(password: string): Promise<boolean> {
  try {
    const { isGuessable } = await import('./guessable.ts')
    return isGuessable(password)
  } catch (cause) {
    throw new ApiFailure('offline', { cause })
  }
}
