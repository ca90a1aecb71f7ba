/** Budgets of which some are free, and each further one has to wait, longer each time. */
import type { Kysely } from 'kysely'
import { untilOf, type Place, type Taken } from './places.ts'
import type { Tables } from './tables.ts'

export interface Delays {
  /** This one is the first after which the next has to wait. */
  readonly free: number
  /** The first wait, the second, and so on; the last for ever after. */
  readonly delaysMs: readonly number[]
  /** What is remembered after one that was free, and after one with a wait. */
  readonly forgetMs: { readonly free: number; readonly delayed: number }
}

export interface DelayStore {
  takeDelayed(delays: Delays, place: Place, nowMs: number): Promise<Taken>
  forget(place: Place): Promise<void>
}

// `until` is when the next one may come.
export function delayStore(db: Kysely<Tables>): DelayStore {
  return {
    takeDelayed: async (delays, place, nowMs) => {
      const latestMs = nowMs + Math.max(...delays.delaysMs)
      const first = { count: 1, ...following(delays, 1, nowMs) }
      const row = await db
        .insertInto('limits')
        .values({ ...place, ...first })
        .onConflict((conflict) =>
          conflict
            .columns(['name', 'key'])
            .doUpdateSet((row) => {
              const after = (column: 'until' | 'forgetAt') => {
                const fresh = row.case().when('limits.forgetAt', '<=', nowMs)
                let cases = fresh.then(row.ref(`excluded.${column}`))
                for (const known of rises(delays)) {
                  const next = following(delays, known + 1, nowMs)
                  cases = cases.when('limits.count', '<=', known).then(next[column])
                }
                return cases.else(following(delays, Infinity, nowMs)[column]).end()
              }
              const counted = row.case().when('limits.forgetAt', '<=', nowMs)
              const count = counted
                .then(1)
                .else(row('limits.count', '+', 1))
                .end()
              return { count, until: after('until'), forgetAt: after('forgetAt') }
            })
            // The second only a clock that was set back shows: it may lock nobody out.
            .where((row) =>
              row.or([row('limits.until', '<=', nowMs), row('limits.until', '>', latestMs)]),
            ),
        )
        .returning('key')
        .executeTakeFirst()
      if (row !== undefined) return { taken: true, waitMs: 0 }
      return { taken: false, waitMs: (await untilOf(db, place)) - nowMs }
    },
    forget: async ({ name, key }) => {
      await db.deleteFrom('limits').where('name', '=', name).where('key', '=', key).execute()
    },
  }
}

/** Counts after which the next one has another consequence than those after them. */
function rises({ free, delaysMs }: Delays): readonly number[] {
  return [free - 2, ...delaysMs.slice(0, -1).map((_, index) => free - 1 + index)]
}

function following({ free, delaysMs, forgetMs }: Delays, count: number, nowMs: number) {
  const delayMs = delaysMs[Math.min(count - free, delaysMs.length - 1)] ?? 0
  const keptMs = delayMs === 0 ? forgetMs.free : forgetMs.delayed
  return { until: nowMs + delayMs, forgetAt: nowMs + keptMs }
}
