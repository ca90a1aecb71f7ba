/** Reads e-mail addresses, with names where they are given, out of whatever people paste from mail programs and tables. */
import { EMAIL_MAX_CHARACTERS, INVITED_MAX } from '@huisclos/tmms/contract/limits'
import { ApiFailure } from './api.ts'
import { FormFailures } from './form-failures.ts'
import { givenName, NO_NAME, type GivenName } from './given-name.ts'

export interface Addressee extends GivenName {
  /** Normalised. */
  readonly email: string
}

export interface Addresses {
  /** Each address once, in the order typed. */
  readonly good: readonly Addressee[]
  /** Pieces that are no address, as typed. */
  readonly bad: readonly string[]
}

// Deliberately loose: the server decides; this only catches what cannot be an address.
const ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\.]+(\.[^\s@<>,;:"()[\]\\.]+)+$/u
/** Direction marks, zero-width blanks and soft hyphens come with contact cards, chats and word processors. */
const INVISIBLE = /(?!\n)[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
const FULL_WIDTH: Readonly<Record<string, string>> = {
  '，': ',',
  '、': ',',
  '；': ';',
  '＜': '<',
  '＞': '>',
  '＠': '@',
  '（': '(',
  '）': ')',
}
const TOKENS =
  /"(?<quoted>[^"\n]*)"|[<[(]\s*(?:mailto:)?(?<bracketed>[^<>[\]()\s]*@[^<>[\]()\s]*)\s*[>\])]|(?<comment>\([^()\n]*\))|(?<end>[;\n]|(?<!\S)[/|•](?!\S))|(?<comma>,)|(?<word>[^\s,;<>"()[\]]+)/giu

export function readAddresses(text: string): Addresses {
  const plain = text
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(/[，、；＜＞＠（）]/gu, (character) => FULL_WIDTH[character] ?? '')
    .replace(/\r\n?/gu, '\n')
  const reading = new Reading()
  for (const line of plain.split('\n')) {
    readLine(line, reading)
    reading.end()
  }
  return reading.result()
}

export function looksLikeAddress(address: string): boolean {
  return address.length <= EMAIL_MAX_CHARACTERS && ADDRESS.test(address)
}

/** Everything that keeps these addresses from being sent, each piece by its own sentence. */
export function checkAddresses({ good, bad }: Addresses, field: string): readonly ApiFailure[] {
  const failures = bad.map((value) => new ApiFailure('invalid-email', { field, value }))
  if (good.length <= INVITED_MAX) return failures
  return [...failures, new ApiFailure('too-many-invited', { field, count: good.length })]
}

/**
 * Sends a list, and names each address in it that the server refuses.
 * @throws {FormFailures} with everything that is wrong.
 */
export async function namingRefused<T>(
  sent: Promise<T>,
  { good }: Addresses,
  field: string,
): Promise<T> {
  try {
    return await sent
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    const all = error.problems.length > 0 ? error.problems : [error]
    throw new FormFailures(
      all.map((failure) => {
        const [at, index] = failure.field?.split('.') ?? []
        const email = at === field ? good[Number(index)]?.email : undefined
        return email === undefined ? failure : failure.about(field, email)
      }),
    )
  }
}

/** As `readAddresses` reads it. */
export function writeAddressee({ email, firstName, lastName }: Addressee): string {
  const name = `${firstName} ${lastName}`.trim()
  return name === '' ? email : `${name} <${email}>`
}

/** As docs/accounts.md section 1 says, except IDNA, which the server adds. */
export function normalise(address: string): string {
  return address.trim().normalize('NFC').toLowerCase()
}

function readLine(line: string, reading: Reading): void {
  const cells = line.split('\t').map((cell) => cell.trim())
  const holding = cells.filter((cell) => cell.includes('@'))
  // A row of a table: the address in one cell, the name in those before it.
  if (cells.length > 1 && holding.length === 1) {
    const at = cells.findIndex((cell) => cell.includes('@'))
    reading.row(cells.slice(0, at), cells[at] ?? '')
    return
  }
  for (const { groups = {} } of line.replaceAll('\t', ' ; ').matchAll(TOKENS)) {
    const { quoted, bracketed, end, comma, word } = groups
    if (bracketed !== undefined) reading.bracketed(bracketed)
    else if (end !== undefined) reading.end()
    else if (comma !== undefined) reading.comma()
    else if (quoted !== undefined) reading.word(quoted)
    else if (word !== undefined) reading.word(word)
  }
}

/** What was understood so far, and the words whose meaning is not known yet. */
class Reading {
  readonly #good = new Map<string, Addressee>()
  readonly #bad = new Set<string>()
  /** Since the last entry: words, in the pieces that commas make of them. */
  #pieces: string[][] = [[]]
  /** The last entry had no brackets, and nothing came after it. */
  #bare: string | null = null

  word(text: string): void {
    const address = normalise(text.replace(/^mailto:/iu, '').replace(/^['‘“]|[.'’”]+$/gu, ''))
    if (!looksLikeAddress(address)) {
      this.#bare = null
      this.#pieces.at(-1)?.push(text)
      return
    }
    const words = this.#pieces.pop() ?? []
    const strange = words.some((one) => one.includes('@'))
    this.#refuse(strange ? [...this.#pieces, words] : this.#pieces)
    this.#take(address, strange ? NO_NAME : givenName([words.join(' ')]))
    this.#bare = address
  }

  /** `Name <address>`, where the name may be the address itself or be written `Last, First`. */
  bracketed(text: string): void {
    const address = normalise(text)
    const pieces = this.#pieces.filter((piece) => piece.length > 0)
    if (!looksLikeAddress(address)) {
      this.#bad.add(text)
      return
    }
    if (pieces.length === 0 && this.#bare !== null && this.#bare !== address)
      this.#good.delete(this.#bare)
    this.#refuse(pieces.slice(0, -2))
    this.#take(address, givenName(pieces.slice(-2).map((words) => words.join(' '))))
    this.#bare = null
  }

  row(before: readonly string[], cell: string): void {
    const inner = readAddresses(cell)
    for (const { email, ...name } of inner.good)
      this.#take(email, name.firstName === '' ? givenName([before.join(' ')]) : name)
    for (const piece of inner.bad) this.#bad.add(piece)
  }

  comma(): void {
    this.#bare = null
    this.#pieces.push([])
  }

  end(): void {
    this.#bare = null
    this.#refuse(this.#pieces)
    this.#pieces = [[]]
  }

  result(): Addresses {
    return { good: [...this.#good.values()], bad: [...this.#bad] }
  }

  #take(email: string, name: GivenName): void {
    const before = this.#good.get(email)
    if (before === undefined || before.firstName === '') this.#good.set(email, { email, ...name })
    this.#pieces = [[]]
  }

  #refuse(pieces: readonly (readonly string[])[]): void {
    for (const words of pieces) if (words.length > 0) this.#bad.add(words.join(' '))
  }
}
