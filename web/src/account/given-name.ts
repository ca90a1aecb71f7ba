/** The name that stands beside an address in a mail program, as first and last name: a proposal, which its owner confirms. */
import { NAME_MAX_CHARACTERS } from '@huisclos/tmms/contract/limits'

export interface GivenName {
  /** Empty when no name was given. */
  readonly firstName: string
  readonly lastName: string
}

export const NO_NAME: GivenName = { firstName: '', lastName: '' }

const READABLE = /[\p{L}\p{N}]/u
/** In capitals, as civil servants write their last names. */
const CAPITALS = /^(?=.*\p{Lu}.*\p{Lu})[^\p{Ll}]+$/u
const PARTICLE = /^(?:d[aeiou]s?|du|del|della|von|van|zu|zum|zur|den|der|el|al|bin|ben|le|la|ter)$/u

/** @param pieces what commas made of the name: one piece, or two of which the last name is the first. */
export function givenName(pieces: readonly string[]): GivenName {
  const [one = '', two] = pieces
    .flatMap((piece) => piece.split(','))
    .map(tidy)
    .filter(readable)
  const name = two === undefined ? inOrder(one.split(' ')) : { firstName: two, lastName: one }
  return fits(name) ? name : NO_NAME
}

function inOrder(words: readonly string[]): GivenName {
  const capitals = words.map((word) => CAPITALS.test(word))
  const [first = '', ...rest] = words
  if (rest.length === 0) return { firstName: first, lastName: '' }
  // "MARTIN Jean-Luc"
  if (capitals[0] === true && capitals.at(-1) === false)
    return split(
      [...words.slice(capitals.indexOf(false)), ...words.slice(0, capitals.indexOf(false))],
      words.length - capitals.indexOf(false),
    )
  const last = words.findIndex(
    (word, at) => at > 0 && (capitals[at] === true || PARTICLE.test(word)),
  )
  return split(words, last === -1 ? words.length - 1 : last)
}

function split(words: readonly string[], at: number): GivenName {
  return { firstName: words.slice(0, at).join(' '), lastName: words.slice(at).join(' ') }
}

function tidy(text: string): string {
  return (
    text
      .replace(/\([^()]*\)/gu, ' ')
      // Whatever separates it from an address or numbers it in a list is no part of it.
      .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}.)]+$/gu, '')
      .replace(/\s+/gu, ' ')
  )
}

function readable(text: string): boolean {
  return READABLE.test(text) && !text.includes('@')
}

function fits({ firstName, lastName }: GivenName): boolean {
  return Math.max(firstName.length, lastName.length) <= NAME_MAX_CHARACTERS
}
