/** What the words of a pasted list come to: addresses with their names, and what is refused, piece by piece. */
import { isMailAddress } from '@huisclos/tmms/contract/email'
import { repair } from './address-slip.ts'
import { givenName, NO_NAME, type GivenName } from './given-name.ts'
import { normalise } from './normalise.ts'

export interface Addressee extends GivenName {
  /** Normalised. */
  readonly email: string
}

/** A piece of the list that invites nobody, and why: it is no address, it may have been cut, or it names two. */
type Unread =
  | { readonly text: string; readonly why: 'invalid-email' | 'bracket-missing' | 'two-addresses' }
  /** No address either, but it looks much like one. */
  | { readonly text: string; readonly why: 'address-slip'; readonly meant: string }

/** A word, and where it stands in its line. */
export interface Word {
  readonly text: string
  readonly from: number
  readonly to: number
}

export interface Addresses {
  /** Each address once, in the order typed. */
  readonly good: readonly Addressee[]
  readonly bad: readonly Unread[]
}

const AROUND = /^['‘’“”„‚`]+|[.:!?…'‘’“”`]+$/gu
export const WITH_AT = /\S@\S/u
const CONNECTOR = /^(?:and|et|&|und|\+)$/iu

/** What was understood so far, and the words whose meaning is not known yet. */
export class Reading {
  readonly #good = new Map<string, Addressee>()
  readonly #bad = new Map<string, Unread>()
  /** Since the last entry: words, in the pieces that commas make of them. */
  #pieces: Word[][] = [[]]
  #line = ''
  /** The last entry had no brackets, and nothing came after it. */
  #bare: { readonly email: string; readonly fresh: boolean } | null = null

  begin(line: string): void {
    this.#line = line
  }

  word(word: Word): void {
    const { text } = word
    const address = normalise(text.replace(/^mailto:([^?]*).*$/iu, '$1').replace(AROUND, ''))
    if (!isMailAddress(address)) {
      this.#bare = null
      const pending = this.#pieces.at(-1)
      if (pending?.length === 0 && CONNECTOR.test(text)) return
      pending?.push(word)
      return
    }
    const words = this.#pieces.pop() ?? []
    const strange = words.some((one) => one.text.includes('@'))
    this.#refuse(strange ? [...this.#pieces, words] : this.#pieces)
    const fresh = !this.#good.has(address)
    this.#take(address, strange ? NO_NAME : givenName([spoken(words)]))
    this.#bare = { email: address, fresh }
  }

  /** What stands in round brackets is no part of a name, and of what was typed it is. */
  aside(to: number): void {
    const last = this.#pieces.at(-1)?.pop()
    if (last !== undefined) this.#pieces.at(-1)?.push({ ...last, to })
  }

  /** `Name <address>`, where the name may be the address itself or be written `Last, First`. */
  bracketed(text: string): void {
    const address = normalise(text.replace(/\?.*$/u, ''))
    const pieces = this.#pieces.filter((piece) => piece.length > 0)
    const names = pieces.slice(-2).map(spoken)
    const bare = pieces.length === 0 ? this.#bare : null
    this.#bare = null
    this.#pieces = [[]]
    this.#refuse(pieces.slice(0, -2))
    const entry = `${names.join(', ')} <${text}>`.trim()
    if (!isMailAddress(address)) this.#noAddress(entry, text)
    else if (bare !== null && bare.email !== address) {
      if (bare.fresh) this.#good.delete(bare.email)
      this.#unread({ text: `${bare.email} <${address}>`, why: 'two-addresses' })
    } else if (names.some((name) => WITH_AT.test(name)))
      this.#unread({ text: entry, why: 'two-addresses' })
    else this.#take(address, givenName(names))
  }

  /** An address with one of two brackets: what stood beside it may be missing, too. */
  cut(text: string): void {
    this.#unread({ text: this.#named(text), why: 'bracket-missing' })
  }

  /** What is no address, as typed, and the address that it looks like. */
  slip(text: string, meant: string): void {
    this.#unread({ text: this.#named(text), why: 'address-slip', meant })
  }

  /** A cell of a table, read by itself; the cells before it name the one address that it holds. */
  row(cell: Addresses, name: GivenName): void {
    const alone = cell.good.length === 1
    for (const { email, ...own } of cell.good)
      this.#take(email, own.firstName === '' && alone ? name : own)
    for (const one of cell.bad) this.#unread(one)
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

  #refuse(pieces: readonly (readonly Word[])[]): void {
    for (const words of pieces) {
      if (!/[\p{L}\p{N}@]/u.test(spoken(words))) continue
      // As typed, with what stood between the words.
      const typed = this.#line.slice(words[0]?.from, words.at(-1)?.to)
      this.#noAddress(typed, typed)
    }
  }

  #noAddress(text: string, address: string): void {
    const meant = repair(address)
    if (meant === null) this.#unread({ text, why: 'invalid-email' })
    else this.#unread({ text, why: 'address-slip', meant })
  }

  /** An entry with the words before it, which are its name; what stood further before is refused. */
  #named(text: string): string {
    const words = this.#pieces.pop() ?? []
    this.#refuse(this.#pieces)
    this.#pieces = [[]]
    this.#bare = null
    return `${spoken(words)} ${text}`.trim()
  }

  #unread(entry: Unread): void {
    this.#bad.set(entry.text, entry)
  }
}

function spoken(words: readonly Word[]): string {
  return words.map(({ text }) => text).join(' ')
}
