/** What people and meetings may be called: anything readable, nothing that disturbs the text around it. */
import { NAME_MAX_CHARACTERS, TITLE_MAX_CHARACTERS } from '../../contract/limits.ts'
import { TmmsError } from '../../errors.ts'
import { cleanLine } from './clean-line.ts'

/**
 * Signs and emoji, as in "Ada ✔️": beside a name they could be taken for a word of ours about the person. By kind: other
 * symbols, whatever is or can be an emoji, and two check marks that Unicode counts as something else.
 */
const SIGNS = /[\p{So}\p{Extended_Pictographic}\p{Emoji_Modifier}\u20e3\u221a\u{10102}]/gu
const READABLE = /[\p{L}\p{N}]/u

/** @throws {TmmsError} `invalid-name`, naming `field`. */
export function cleanName(text: string, field: 'firstName' | 'lastName'): string {
  const name = cleanPerson(text)
  if (isFit(name, NAME_MAX_CHARACTERS)) return name
  throw new TmmsError('invalid-name', `A name has 1 to ${NAME_MAX_CHARACTERS} characters.`, {
    field,
  })
}

/** A name that somebody else gave: a proposal for its owner, so what does not fit is left out. */
export function proposedName(text: string | undefined): string {
  const name = cleanPerson(text ?? '')
  return isFit(name, NAME_MAX_CHARACTERS) ? name : ''
}

/** @throws {TmmsError} `invalid-title`. */
export function cleanTitle(text: string): string {
  const title = cleanLine(text)
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
  // Names that were kept before they were cleaned on their way in are cleaned on their way out.
  return cleanPerson(`${person.firstName} ${person.lastName}`) || person.email
}

function cleanPerson(text: string): string {
  return cleanLine(text.replace(SIGNS, ' '))
}

function isFit(text: string, max: number): boolean {
  return text.length <= max && READABLE.test(text)
}
