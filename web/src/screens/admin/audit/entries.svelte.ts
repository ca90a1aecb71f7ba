/** Entries of the audit log as they are loaded, page by page. */
import type { AuditEntry } from '@huisclos/tmms/contract/audit'
import { api, type ApiFailure } from '../../../account/api.ts'
import { asFailure, isEnded } from '../../../account/going-on.ts'
import { queryOf, type Filter } from './filter.ts'

/** Pages asked for at once when a search finds little. */
const PAGES_AT_ONCE = 10
const ENOUGH = 50

export class Entries {
  #rows: readonly AuditEntry[] = $state.raw([])
  #next: string | null = $state.raw(null)
  #loading = $state.raw(false)
  #failure: ApiFailure | null = $state.raw(null)
  #filter: Filter | null = null
  #turn = 0
  readonly #onsignedout: () => void

  constructor(onsignedout: () => void) {
    this.#onsignedout = onsignedout
  }

  get rows(): readonly AuditEntry[] {
    return this.#rows
  }

  /** Where the next page begins; null when all was looked at. */
  get next(): string | null {
    return this.#next
  }

  get loading(): boolean {
    return this.#loading
  }

  get failure(): ApiFailure | null {
    return this.#failure
  }

  /** Begins anew; what was still under way for another filter is dropped. */
  async show(filter: Filter): Promise<void> {
    this.#filter = filter
    this.#rows = []
    this.#next = null
    await this.#load()
  }

  async more(): Promise<void> {
    if (!this.#loading) await this.#load()
  }

  async #load(): Promise<void> {
    const turn = ++this.#turn
    const current = (): boolean => turn === this.#turn
    this.#loading = true
    this.#failure = null
    try {
      const wanted = this.#rows.length + ENOUGH
      for (let page = 0; page < PAGES_AT_ONCE && current(); page++) {
        const cursor = this.#next === null ? {} : { cursor: this.#next }
        const query = { ...queryOf(this.#filter as Filter), ...cursor }
        const { entries, next } = await api('GET /api/admin/audit', null, { query })
        if (!current()) return
        this.#rows = [...this.#rows, ...entries]
        this.#next = next
        if (next === null || this.#rows.length >= wanted) break
      }
    } catch (error) {
      if (!current()) return
      const failure = asFailure(error)
      if (isEnded(failure)) this.#onsignedout()
      else this.#failure = failure
    }
    if (current()) this.#loading = false
  }
}
