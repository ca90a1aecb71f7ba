/** A long list as far as it was shown: asked page by page, and afresh when it is narrowed otherwise. */
import type { ApiFailure } from '../../account/api.ts'
import { asFailure, isEnded, type SignInAgain } from '../../account/going-on.ts'
import { withPage } from '../../account/pages.ts'

/** What one look at the list needs, at least: a page of the server may hold fewer. */
const AT_LEAST = 60

export type ListQuery = Readonly<Record<string, string>>

export interface ListPage<Row> {
  readonly rows: readonly Row[]
  /** Where the following page begins; null on the last one. */
  readonly next: string | null
  /** Null when the server does not count. */
  readonly total: number | null
}

export class LongList<Row extends { readonly id: string }> {
  #rows: readonly Row[] = $state.raw([])
  #total: number | null = $state.raw(null)
  #next: string | null = $state.raw(null)
  #busy = $state.raw(false)
  #failure: ApiFailure | null = $state.raw(null)
  /** Of this list; answers for an earlier one come too late. */
  #round = 0
  #query: ListQuery = {}
  readonly #page: (query: ListQuery) => Promise<ListPage<Row>>
  readonly #again: SignInAgain

  constructor(page: (query: ListQuery) => Promise<ListPage<Row>>, again: SignInAgain) {
    this.#page = page
    this.#again = again
  }

  get rows(): readonly Row[] {
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

  /** @param query without a cursor. */
  async show(query: ListQuery): Promise<void> {
    this.#query = query
    this.#round += 1
    await this.#load(null)
  }

  async loadMore(): Promise<void> {
    if (!this.#busy && this.#next !== null) await this.#load(this.#next)
  }

  async again(): Promise<void> {
    await this.#load(this.#rows.length === 0 ? null : this.#next)
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
      if (isEnded(failure) && (await this.#again())) {
        await this.#load(from)
        return
      }
      this.#failure = failure
    } finally {
      if (round === this.#round) this.#busy = false
    }
  }

  async #ask(round: number, from: string | null): Promise<void> {
    const found: Row[] = []
    let cursor = from
    do {
      const query = cursor === null ? this.#query : { ...this.#query, cursor }
      const page = await this.#page(query)
      if (round !== this.#round) return
      if (cursor === null) this.#total = page.total
      found.push(...page.rows)
      cursor = page.next
    } while (cursor !== null && found.length < AT_LEAST)
    this.#rows = withPage(from === null ? [] : this.#rows, found)
    this.#next = cursor
  }
}
