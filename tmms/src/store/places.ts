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

/** Of a place that is there. */
export async function untilOf(db: Kysely<Tables>, { name, key }: Place): Promise<number> {
  const query = db.selectFrom('limits').select('until').where('name', '=', name)
  return (await query.where('key', '=', key).executeTakeFirst())?.until ?? 0
}
