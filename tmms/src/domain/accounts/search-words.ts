/** How people are found: by the beginnings of the words in their names and addresses, whatever the case and accents. */
import { plainText } from '../plain-text.ts'
import { showEmail } from './email.ts'

export interface Searched {
  readonly email: string
  readonly firstName: string
  readonly lastName: string
}

const WORD_MAX_CHARACTERS = 64
const KEY_MAX_CHARACTERS = 200
/** More than this in a search add nothing but work. */
const SOUGHT_MAX = 8
const BETWEEN_WORDS = /[^\p{L}\p{N}]+/u
/** Apostrophes and hyphens: with them a name is two words, without them it is one, and it is found as both. */
const JOINTS = /[\p{Pd}'’‘ʼʹ´`′＇]/gu
/** Letters that Unicode does not take apart, as people without them type them; the other small sigma. */
const LETTERS: Readonly<Record<string, string>> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
}
/** Letters that people without them write as two, instead of without the accent. */
const AS_TWO: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' }

/** The words of a person, each once: those of the names, those of the address, and the whole address. */
export function searchWords({ email, firstName, lastName }: Searched): readonly string[] {
  const address = plainLetters(showEmail(email))
  // An address whose letters are all signs has no other word.
  return [...new Set([...wordsOf(`${firstName} ${lastName} ${showEmail(email)}`), address])]
}

/** The words of a line, each once, in each way in which they are sought. */
export function wordsOf(line: string): readonly string[] {
  const texts = [line, line.replaceAll(JOINTS, '')]
  const parts = texts
    .flatMap((text) => [plainLetters(text), plainLetters(inTwo(text))])
    .flatMap((text) => text.split(BETWEEN_WORDS))
  return [...new Set(parts.filter((word) => word !== '').map(cut))]
}

/**
 * What must begin one of a person's words each. A whole address is one of them; other signs only separate. A text of signs
 * alone is sought as it is: no word but an address begins with one.
 */
export function soughtWords(text: string): readonly string[] {
  const plain = plainLetters(text)
  const words = plain
    .split(/\s+/u)
    .flatMap((part) => (/.@./u.test(part) ? [part] : part.split(BETWEEN_WORDS).map(cut)))
    .filter((word) => word !== '')
  return words.length === 0 && plain !== '' ? [plain] : [...new Set(words)].slice(0, SOUGHT_MAX)
}

/** What a list sorted by name is sorted by: the last name, then the first; the address of who has none yet. */
export function nameKey({ email, firstName, lastName }: Searched): string {
  const name = plainLetters(`${lastName} ${firstName}`)
  return (name === '' ? plainLetters(showEmail(email)) : name).slice(0, KEY_MAX_CHARACTERS)
}

function cut(word: string): string {
  return word.slice(0, WORD_MAX_CHARACTERS)
}

function inTwo(text: string): string {
  const small = text.normalize('NFC').toLowerCase()
  return small.replace(/[äöüøå]/gu, (letter) => AS_TWO[letter] ?? letter)
}

function plainLetters(text: string): string {
  // PostgreSQL keeps no text with the character NUL.
  return plainText(text)
    .replaceAll('\0', '')
    .replace(/[œæßøłđðþıς]/gu, (letter) => LETTERS[letter] ?? letter)
    .trim()
}
