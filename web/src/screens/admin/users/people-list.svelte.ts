/** The list of people as far as it was shown: asked page by page, and afresh when it is narrowed otherwise. */
import type { AccountRow } from '@huisclos/tmms/contract/people'
import { api, type ApiFailure } from '../../../account/api.ts'
import { asFailure, type SignInAgain } from '../../../account/going-on.ts'
import { askedFor, type Filters } from './filters.ts'

/** What one look at the list needs, at least: a page of the server may hold fewer. */
const AT_LEAST = 60

export class PeopleList {
  #rows: readonly AccountRow[] = $state.raw([])
  #total: number | null = $state.raw(null)
  #next: string | null = $state.raw(null)
  #busy = $state.raw(false)
  #failure: ApiFailure | null = $state.raw(null)
  /** Of this list; answers for an earlier one come too late. */
  #round = 0
  #query: Readonly<Record<string, string>> = {}
  readonly #again: SignInAgain

  constructor(again: SignInAgain) {
    this.#again = again
  }

  get rows(): readonly AccountRow[] {
    return this.#rows
  }

  /** Null when the server does not count that many. */
  get total(): number | null {
    return this.#next === null ? this.#rows.length : this.#total
  }

  get more(): boolean {
    return this.#next !== null
  }

  get busy(): boolean {
    return this.#busy
  }

  get failure(): ApiFailure | null {
    return this.#failure
  }

  async show(filters: Filters): Promise<void> {
    this.#query = askedFor(filters, Date.now())
    this.#round += 1
    await this.#load(null)
  }

  async loadMore(): Promise<void> {
    if (!this.#busy && this.#next !== null) await this.#load(this.#next)
  }

  async again(): Promise<void> {
    await this.#load(this.#rows.length === 0 ? null : this.#next)
  }

  /** Shows what became of somebody. */
  replace(account: AccountRow): void {
    this.#rows = this.#rows.map((row) => (row.id === account.id ? account : row))
  }

  async #load(from: string | null): Promise<void> {
    const round = this.#round
    this.#busy = true
    this.#failure = null
    try {
      await this.#ask(round, from)
    } catch (error) {
      if (round !== this.#round) return
      const failure = asFailure(error)
      if (failure.code === 'signed-out' && (await this.#again())) {
        await this.#load(from)
        return
      }
      this.#failure = failure
    } finally {
      if (round === this.#round) this.#busy = false
    }
  }

  async #ask(round: number, from: string | null): Promise<void> {
    const found: AccountRow[] = []
    let cursor = from
    do {
      const query = cursor === null ? this.#query : { ...this.#query, cursor }
      const page = await api('GET /api/admin/accounts', null, { query })
      if (round !== this.#round) return
      if (cursor === null) this.#total = page.total
      found.push(...page.accounts)
      cursor = page.next
    } while (cursor !== null && found.length < AT_LEAST)
    this.#rows = from === null ? found : [...this.#rows, ...found]
    this.#next = cursor
  }
}
