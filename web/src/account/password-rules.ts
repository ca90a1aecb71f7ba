/** What a new password must be like, and a plain hint on how good it is. */
import { PASSWORD_MAX_BYTES } from '@huisclos/tmms/contract/limits'
import type { PasswordRules } from '@huisclos/tmms/contract/security'
import { ApiFailure } from './api.ts'
import { plain, readings } from './leet.ts'

type Strength = 'fair' | 'good'
type Refusal =
  | 'password-too-short'
  | 'password-too-long'
  | 'password-word'
  | 'password-personal'
  | 'password-common'
export type Verdict = Strength | Refusal

export interface Owner {
  readonly firstName: string
  readonly lastName: string
  readonly email: string
}

/** What a new password is held to. */
export interface Demands {
  /** What others know of this person may not make up the password. */
  readonly owner: Owner
  /** As the administrator has set them. */
  readonly rules: PasswordRules
}

const PRODUCT = 'huisclos'
/** Shorter parts of names and addresses stand in words by chance. */
const PART_MIN_CHARACTERS = 3
/** What others do not know of it must be at least this long. */
const OWN_MIN_CHARACTERS = 8
const SIGNS = /[^\p{L}\p{N}]/gu

/**
 * Everything wrong with the pair. The server never sees the password, so nobody else can refuse it.
 * @throws {ApiFailure} `offline` when the list of common passwords cannot be loaded.
 */
export async function checkPassword(
  password: string,
  confirmation: string,
  demands: Demands,
): Promise<readonly ApiFailure[]> {
  const field = 'password'
  if (password === '') return [new ApiFailure('missing', { field })]
  const differ =
    password.normalize('NFKC') === confirmation.normalize('NFKC')
      ? []
      : [new ApiFailure('passwords-differ', { field: 'confirmation' })]
  const verdict = await judgePassword(password, demands)
  if (isStrength(verdict)) return differ
  const count = demands.rules.minCharacters
  const value = forbiddenWord(password, demands.rules) ?? ''
  return [new ApiFailure(verdict, { field, count, value }), ...differ]
}

/**
 * The one verdict on a password: why it is refused, or how good it is. Lengths are of the form that is hashed (NFKC).
 * @throws {ApiFailure} `offline` when the list of common passwords cannot be loaded.
 */
export async function judgePassword(password: string, { owner, rules }: Demands): Promise<Verdict> {
  const hashed = password.normalize('NFKC')
  const characters = Array.from(hashed)
  if (characters.length < rules.minCharacters) return 'password-too-short'
  if (new TextEncoder().encode(hashed).length > PASSWORD_MAX_BYTES) return 'password-too-long'
  if (forbiddenWord(hashed, rules) !== null) return 'password-word'
  if (isPersonal(hashed, owner)) return 'password-personal'
  if (await isCommon(hashed)) return 'password-common'
  // Length is what counts against guessing; few different characters spoil it.
  return characters.length >= 16 && new Set(characters).size >= 8 ? 'good' : 'fair'
}

export function isStrength(verdict: Verdict): verdict is Strength {
  return verdict === 'fair' || verdict === 'good'
}

/**
 * The word of the administrator's list that stands in the password; null: none. Letters and digits alone count, and what
 * is written for letters counts as they do.
 */
export function forbiddenWord(password: string, { words }: PasswordRules): string | null {
  const bare = (text: string) => readings(plain(text)).map((one) => one.replace(SIGNS, ''))
  const found = bare(password)
  const stands = (word: string) => bare(word).some((one) => found.some((it) => it.includes(one)))
  return words.find(stands) ?? null
}

function isPersonal(password: string, { firstName, lastName, email }: Owner): boolean {
  const known = [PRODUCT, firstName, lastName, email]
    .flatMap((text) => plain(text).split(/[^\p{L}\p{N}]+/u))
    .filter((part) => part.length >= PART_MIN_CHARACTERS)
    .toSorted((a, b) => b.length - a.length)
  return readings(plain(password)).some((reading) => {
    const rest = known.reduce((text, part) => text.replaceAll(part, ' '), reading)
    return rest !== reading && rest.replace(SIGNS, '').length < OWN_MIN_CHARACTERS
  })
}

/** @throws {ApiFailure} `offline` when the lists cannot be loaded. */
async function isCommon(password: string): Promise<boolean> {
  try {
    const [{ isGuessable }, { isBreached }] = await Promise.all([
      import('./guessable.ts'),
      import('./breached.ts'),
    ])
    return isBreached(password) || isGuessable(password)
  } catch (cause) {
    throw new ApiFailure('offline', { cause })
  }
}
