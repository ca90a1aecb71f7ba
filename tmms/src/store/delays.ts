/** Budgets of which some are free, and each further one has to wait, longer each time. */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import { untilOf, type Place, type Taken } from './places.ts'
import type { Tables } from './tables.ts'

interface Delays {
  /** This one is the first after which the next has to wait; 2 or more. */
  readonly free: number
  /** The first wait, the second, and so on; the last for ever after. */
  readonly delaysMs: readonly number[]
  /** How long it is remembered after one that was free, and after one with a wait. */
  readonly forgetMs: { readonly free: number; readonly delayed: number }
}

export interface DelayStore {
  takeDelayed(delays: Delays, place: Place, nowMs: number): Promise<Taken>
  forget(place: Place): Promise<void>
}

// `until` is when the next one may come. One that is later than the longest wait is shown only by a clock that was set back:
// it may lock nobody out.
export function delayStore(db: Kysely<Tables>): DelayStore {
  return {
    takeDelayed: async (delays, place, nowMs) => {
      const { name, key } = place
      const { free, forgetMs } = delays
      const latestMs = nowMs + Math.max(...delays.delaysMs)
      const fewMs = nowMs + forgetMs.free
      const more = sql.lit(forgetMs.delayed - forgetMs.free)
      const few = sql`limits.forget_at <= ${nowMs} or limits.count < ${sql.lit(free - 1)}`
      const { rows } = await sql`
        insert into limits (name, key, count, until, forget_at)
        values (${name}, ${key}, 1, ${nowMs}, ${fewMs})
        on conflict (name, key) do update set
          count = case when limits.forget_at <= ${nowMs} then 1 else limits.count + 1 end,
          until = excluded.until + case when ${few} then 0 ${waits(delays)} end,
          forget_at = excluded.forget_at + case when ${few} then 0 else ${more} end
        where limits.until <= ${nowMs} or limits.until > ${latestMs}
        returning key`.execute(db)
      if (rows.length > 0) return { taken: true, waitMs: 0 }
      return { taken: false, waitMs: (await untilOf(db, place)) - nowMs }
    },
    forget: async ({ name, key }) => {
      await sql`delete from limits where name = ${name} and key = ${key}`.execute(db)
    },
  }
}

// Numbers in plain, or a database that wants types would take them for texts.
function waits({ free, delaysMs }: Delays): RawBuilder<unknown> {
  const cases = delaysMs.map((delayMs, index) =>
    index === delaysMs.length - 1
      ? sql`else ${sql.lit(delayMs)}`
      : sql`when limits.count < ${sql.lit(free + index)} then ${sql.lit(delayMs)}`,
  )
  return sql.join(cases, sql` `)
}
