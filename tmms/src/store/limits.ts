/**
 * What was taken from budgets, and what may be used once. Taking is one statement, so that of all who take at the same
 * time, in whichever process, each finds what the others have taken; what is refused is not written.
 */
import type { Kysely } from 'kysely'
import { bucketStore, type BucketStore } from './buckets.ts'
import { delayStore, type DelayStore } from './delays.ts'
import type { Place } from './places.ts'
import type { Tables } from './tables.ts'

export interface LimitStore extends BucketStore, DelayStore {
  /** False when it was used before. */
  useOnce(place: Place, forgetAtMs: number): Promise<boolean>
  /** Forgets what says nothing any more, and of the rest what would be forgotten first, beyond `keep`. */
  purge(name: string, nowMs: number, keep: number): Promise<void>
}

export function limitStore(db: Kysely<Tables>): LimitStore {
  return {
    ...bucketStore(db),
    ...delayStore(db),
    useOnce: async (place, forgetAt) => {
      const row = await db
        .insertInto('limits')
        .values({ ...place, count: 1, until: forgetAt, forgetAt })
        .onConflict((conflict) => conflict.columns(['name', 'key']).doNothing())
        .returning('key')
        .executeTakeFirst()
      return row !== undefined
    },
    purge: async (name, nowMs, keep) => {
      const named = db.deleteFrom('limits').where('name', '=', name)
      await named.where('forgetAt', '<=', nowMs).execute()
      const beyond = await db
        .selectFrom('limits')
        .select('forgetAt')
        .where('name', '=', name)
        .orderBy('forgetAt', 'desc')
        .limit(1)
        .offset(keep)
        .executeTakeFirst()
      if (beyond !== undefined) await named.where('forgetAt', '<=', beyond.forgetAt).execute()
    },
  }
}
