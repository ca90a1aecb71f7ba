/** Reads e-mail addresses, with names where they are given, out of whatever people paste from mail programs and tables. */
import { isMailAddress } from '@huisclos/tmms/contract/email'
import { givenName, NO_NAME, type GivenName } from './given-name.ts'
import { pastedLines } from './pasted-text.ts'

export interface Addressee extends GivenName {
  /** Normalised. */
  readonly email: string
}

/** A piece of the list that invites nobody, and why: it is no address, it may have been cut, or it names two. */
interface Unread {
  readonly text: string
  readonly why: 'invalid-email' | 'bracket-missing' | 'two-addresses'
}

export interface Addresses {
  /** Each address once, in the order typed. */
  readonly good: readonly Addressee[]
  readonly bad: readonly Unread[]
}

const TOKENS =
  /"(?<quoted>[^"\n]*)"|[<[({]\s*(?:mailto:)?(?<bracketed>[^<>[\](){}\s@]*@[^<>[\](){}\s]*)\s*[>\])}]|(?<comment>\([^()\n]*\))|(?<cut>[<[({](?![^<>[\](){}]*[>\])}])\s*[^\s,;<>"()[\]{}]*@[^\s,;<>"()[\]{}]*)|(?<opened>[<[({])|(?<end>;|(?<!\S)[/|•·](?!\S))|(?<comma>,)|(?<word>[^\s,;<>"()[\]{}]+)(?<closed>[>\])}]*)/giu
const AROUND = /^['‘’“”„‚`]+|[.:!?…'‘’“”`]+$/gu
const WITH_AT = /\S@\S/u
const CONNECTOR = /^(?:and|et|&|und|\+)$/iu

export function readAddresses(text: string): Addresses {
  const reading = new Reading()
  for (const line of pastedLines(text)) {
    readLine(line, reading)
    reading.end()
  }
  return reading.result()
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
  let open = 0
  for (const { groups = {} } of line.replaceAll('\t', ' ; ').matchAll(TOKENS)) {
    const { quoted, bracketed, cut, opened, end, comma, word, closed = '' } = groups
    if (bracketed !== undefined) reading.bracketed(bracketed)
    else if (cut !== undefined) reading.cut(cut)
    else if (opened !== undefined) open += 1
    else if (end !== undefined) reading.end()
    else if (comma !== undefined) reading.comma()
    else if (quoted !== undefined) reading.word(quoted)
    else if (word !== undefined) {
      if (closed.length > open && WITH_AT.test(word)) reading.cut(`${word}${closed}`)
      else reading.word(word)
      open = Math.max(0, open - closed.length)
    }
  }
}

/** What was understood so far, and the words whose meaning is not known yet. */
class Reading {
  readonly #good = new Map<string, Addressee>()
  readonly #bad = new Map<string, Unread>()
  /** Since the last entry: words, in the pieces that commas make of them. */
  #pieces: string[][] = [[]]
  /** The last entry had no brackets, and nothing came after it. */
  #bare: { readonly email: string; readonly fresh: boolean } | null = null

  word(text: string): void {
    const address = normalise(text.replace(/^mailto:([^?]*).*$/iu, '$1').replace(AROUND, ''))
    if (!isMailAddress(address)) {
      this.#bare = null
      const pending = this.#pieces.at(-1)
      if (pending?.length === 0 && CONNECTOR.test(text)) return
      pending?.push(text)
      return
    }
    const words = this.#pieces.pop() ?? []
    const strange = words.some((one) => one.includes('@'))
    this.#refuse(strange ? [...this.#pieces, words] : this.#pieces)
    const fresh = !this.#good.has(address)
    this.#take(address, strange ? NO_NAME : givenName([words.join(' ')]))
    this.#bare = { email: address, fresh }
  }

  /** `Name <address>`, where the name may be the address itself or be written `Last, First`. */
  bracketed(text: string): void {
    const address = normalise(text.replace(/\?.*$/u, ''))
    const pieces = this.#pieces.filter((piece) => piece.length > 0)
    const names = pieces.slice(-2).map((words) => words.join(' '))
    const bare = pieces.length === 0 ? this.#bare : null
    this.#bare = null
    this.#pieces = [[]]
    this.#refuse(pieces.slice(0, -2))
    const entry = `${names.join(', ')} <${text}>`.trim()
    if (!isMailAddress(address)) this.#unread(entry, 'invalid-email')
    else if (bare !== null && bare.email !== address) {
      if (bare.fresh) this.#good.delete(bare.email)
      this.#unread(`${bare.email} <${address}>`, 'two-addresses')
    } else if (names.some((name) => WITH_AT.test(name))) this.#unread(entry, 'two-addresses')
    else this.#take(address, givenName(names))
  }

  /** An address with one of two brackets: what stood beside it may be missing, too. */
  cut(text: string): void {
    const words = this.#pieces.pop() ?? []
    this.#refuse(this.#pieces)
    this.#pieces = [[]]
    this.#bare = null
    this.#unread([...words, text].join(' '), 'bracket-missing')
  }

  row(before: readonly string[], cell: string): void {
    const inner = readAddresses(cell)
    const name = givenName([before.filter((one) => /\p{L}/u.test(one)).join(' ')])
    const alone = inner.good.length === 1
    for (const { email, ...own } of inner.good)
      this.#take(email, own.firstName === '' && alone ? name : own)
    for (const { text, why } of inner.bad) this.#unread(text, why)
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
    return { good: [...this.#good.values()], bad: [...this.#bad.values()] }
  }

  #take(email: string, name: GivenName): void {
    const before = this.#good.get(email)
    if (before === undefined || before.firstName === '') this.#good.set(email, { email, ...name })
    this.#pieces = [[]]
  }

  #refuse(pieces: readonly (readonly string[])[]): void {
    for (const words of pieces)
      if (/[\p{L}\p{N}@]/u.test(words.join(''))) this.#unread(words.join(' '), 'invalid-email')
  }

  #unread(text: string, why: Unread['why']): void {
    this.#bad.set(text, { text, why })
  }
}
