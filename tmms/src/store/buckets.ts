/** Budgets that hold so many, of which one comes back each interval. */
import { sql, type Kysely } from 'kysely'
import { untilOf, type Place, type Taken } from './places.ts'
import type { Tables } from './tables.ts'

interface Bucket {
  readonly capacity: number
  readonly intervalMs: number
}

export interface BucketStore {
  takeOf(bucket: Bucket, place: Place, nowMs: number): Promise<Taken>
  giveBackTo(bucket: Bucket, place: Place): Promise<void>
}

// `until` is when the bucket is whole again: each one taken puts it off by an interval. More than an empty bucket is shown
// only by a clock that was set back: it may lock nobody out, nor give back what was taken.
export function bucketStore(db: Kysely<Tables>): BucketStore {
  return {
    takeOf: async ({ capacity, intervalMs }, place, nowMs) => {
      const { name, key } = place
      const first = nowMs + intervalMs
      const emptyMs = nowMs + capacity * intervalMs
      const lastMs = emptyMs - intervalMs
      const until = sql`case when limits.until <= ${nowMs} then excluded.until
        when limits.until > ${emptyMs} then ${emptyMs} else limits.until + ${intervalMs} end`
      // Plain words: building this from Kysely's parts takes longer than all that SQLite does.
      const { rows } = await sql`
        insert into limits (name, key, count, until, forget_at)
        values (${name}, ${key}, 1, ${first}, ${first})
        on conflict (name, key) do update set until = ${until}, forget_at = ${until}
        where limits.until <= ${lastMs} or limits.until > ${emptyMs}
        returning key`.execute(db)
      if (rows.length > 0) return { taken: true, waitMs: 0 }
      return { taken: false, waitMs: (await untilOf(db, place)) - lastMs }
    },
    giveBackTo: async ({ intervalMs }, { name, key }) => {
      await sql`
        update limits set until = until - ${intervalMs}, forget_at = forget_at - ${intervalMs}
        where name = ${name} and key = ${key}`.execute(db)
    },
  }
}
