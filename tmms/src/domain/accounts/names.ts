/** What people and meetings may be called: anything readable, nothing that disturbs the text around it. */
import { TmmsError } from '../../errors.ts'

const NAME_MAX_CHARACTERS = 80
const TITLE_MAX_CHARACTERS = 120
// Control characters, line separators, lone surrogates, and marks that turn the direction of the text after them.
const DISTURBING = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
const READABLE = /[\p{L}\p{N}]/u

/** @throws {TmmsError} `invalid-name`, naming `field`. */
export function cleanName(text: string, field: 'firstName' | 'lastName'): string {
  const name = tidy(text)
  if (isFit(name, NAME_MAX_CHARACTERS)) return name
  throw new TmmsError('invalid-name', `A name has 1 to ${NAME_MAX_CHARACTERS} characters.`, {
    field,
  })
}

/** @throws {TmmsError} `invalid-title`. */
export function cleanTitle(text: string): string {
  const title = tidy(text)
  if (isFit(title, TITLE_MAX_CHARACTERS)) return title
  throw new TmmsError('invalid-title', `A title has 1 to ${TITLE_MAX_CHARACTERS} characters.`, {
    field: 'title',
  })
}

/** How somebody is called in front of others; the address when no name is known yet. */
export function displayName(person: {
  readonly firstName: string
  readonly lastName: string
  readonly email: string
}): string {
  return `${person.firstName} ${person.lastName}`.trim() || person.email
}

function tidy(text: string): string {
  return text.normalize('NFC').trim().replace(/ {2,}/g, ' ')
}

function isFit(text: string, max: number): boolean {
  return text.length <= max && READABLE.test(text) && !DISTURBING.test(text)
}
