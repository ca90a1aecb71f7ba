/** Budgets that hold so many, of which one comes back each interval. */
import type { Kysely } from 'kysely'
import { untilOf, type Place, type Taken } from './places.ts'
import type { Tables } from './tables.ts'

export interface Bucket {
  readonly capacity: number
  readonly intervalMs: number
}

export interface BucketStore {
  takeOf(bucket: Bucket, place: Place, nowMs: number): Promise<Taken>
  giveBackTo(bucket: Bucket, place: Place): Promise<void>
}

// `until` is when the bucket is whole again: each one taken puts it off by an interval.
export function bucketStore(db: Kysely<Tables>): BucketStore {
  return {
    takeOf: async ({ capacity, intervalMs }, place, nowMs) => {
      const first = nowMs + intervalMs
      const emptyMs = nowMs + capacity * intervalMs
      const lastMs = emptyMs - intervalMs
      const row = await db
        .insertInto('limits')
        .values({ ...place, count: 1, until: first, forgetAt: first })
        .onConflict((conflict) =>
          conflict
            .columns(['name', 'key'])
            .doUpdateSet((row) => {
              const until = row
                .case()
                .when('limits.until', '<=', nowMs)
                .then(row.ref('excluded.until'))
                // Only a clock that was set back shows this: it may lock nobody out, nor give back what was taken.
                .when('limits.until', '>', emptyMs)
                .then(emptyMs)
                .else(row('limits.until', '+', intervalMs))
                .end()
              return { until, forgetAt: until }
            })
            .where((row) =>
              row.or([row('limits.until', '<=', lastMs), row('limits.until', '>', emptyMs)]),
            ),
        )
        .returning('key')
        .executeTakeFirst()
      if (row !== undefined) return { taken: true, waitMs: 0 }
      return { taken: false, waitMs: (await untilOf(db, place)) - lastMs }
    },
    giveBackTo: async ({ intervalMs }, { name, key }) => {
      await db
        .updateTable('limits')
        .set((row) => ({
          until: row('until', '-', intervalMs),
          forgetAt: row('forgetAt', '-', intervalMs),
        }))
        .where('name', '=', name)
        .where('key', '=', key)
        .execute()
    },
  }
}
