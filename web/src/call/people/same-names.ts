/**
 * Tells people of the same name apart, and of names that look the same: all of them are numbered, "Ada Lovelace (1)" and
 * "Ada Lovelace (2)", because whoever came first need not be the one that is meant. Trust decides, where there is some:
 * this person, else the only one whose device was verified, keeps the plain name.
 */
import { m } from '../../paraglide/messages.js'
import { skeletons } from './skeleton.ts'

/** `self`: this person; `verified`: every device of the account was compared. */
export type Trust = 'self' | 'verified' | 'none'

interface Account {
  readonly name: string
  readonly looks: readonly string[]
  trust: Trust
  /** Kept for good once there was somebody to be told apart from. */
  number: number | null
}

/** Signs and emoji: beside a name they could be taken for our own word about the person. The TMMS takes none. */
const SIGNS = /[\p{So}\p{Extended_Pictographic}\p{Emoji_Modifier}\u20e3\ufe0f\u221a\u{10102}]/gu

export class SameNames {
  readonly #accounts = new Map<string, Account>()

  /** Somebody is in the meeting, or more is known of them than before. */
  meet(sub: string, claimed: string, trust: Trust): void {
    const name = plainName(claimed)
    const known = this.#accounts.get(sub)
    if (known?.name === name) {
      if (known.trust !== 'self') known.trust = trust
      return
    }
    const account: Account = { name, looks: skeletons(name), trust, number: null }
    this.#accounts.set(sub, account)
    const alike = this.#alike(account)
    for (const one of alike) this.#number(one)
    if (alike.length > 0 || this.#isTaken(account, name)) this.#number(account)
  }

  /** What somebody who was met is called; null for anybody else. */
  label(sub: string): string | null {
    const account = this.#accounts.get(sub)
    if (account === undefined) return null
    const { name, number } = account
    return number === null || this.#keepsName(account) ? name : numbered(name, number)
  }

  #keepsName(account: Account): boolean {
    if (account.trust === 'self') return true
    const trusted = this.#alike(account).some(({ trust }) => trust !== 'none')
    return account.trust === 'verified' && !trusted
  }

  #alike(account: Account): readonly Account[] {
    return [...this.#accounts.values()].filter(
      (other) => other !== account && other.looks.some((look) => account.looks.includes(look)),
    )
  }

  #number(account: Account): void {
    for (let number = 1; account.number === null; number++)
      if (!this.#isTaken(account, numbered(account.name, number))) account.number = number
  }

  /** Whether somebody else is called so, or nearly. */
  #isTaken(account: Account, label: string): boolean {
    const looks = skeletons(label)
    return [...this.#accounts.values()].some((other) => {
      if (other === account) return false
      const called =
        other.number === null ? other.looks : skeletons(numbered(other.name, other.number))
      return looks.some((look) => called.includes(look))
    })
  }
}

/** Joiners between signs that are gone join nothing. */
const LONE_JOINERS = /(?<!\S)[\u200c\u200d]+(?!\S)/gu

function plainName(claimed: string): string {
  const words = claimed.replace(SIGNS, ' ').replace(LONE_JOINERS, ' ')
  return words.replace(/\s+/gu, ' ').trim() || m.call_unknown_person()
}

function numbered(name: string, number: number): string {
  return m.one_of_same_name({ name, number })
}
