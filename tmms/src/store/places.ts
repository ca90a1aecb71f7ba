/** Where a budget is written down. */
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** Whose budget. */
export interface Place {
  /** Of the budget, at most 24 characters. */
  readonly name: string
  /** At most 43 characters. */
  readonly key: string
}

export interface Taken {
  readonly taken: boolean
  /** Milliseconds until there is one, 0 when there was. */
  readonly waitMs: number
}

export interface LimitTable {
  /** Of the budget. */
  readonly name: string
  readonly key: string
  readonly count: number
  /** What it says depends on the budget: `store/buckets.ts`, `store/delays.ts`. */
  readonly until: number
  readonly forgetAt: number
}

/** Of a place that is there. */
export async function untilOf(db: Kysely<Tables>, { name, key }: Place): Promise<number> {
  const query = db.selectFrom('limits').select('until').where('name', '=', name)
  return (await query.where('key', '=', key).executeTakeFirst())?.until ?? 0
}
