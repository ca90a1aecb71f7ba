/** Deletes what has reached its time, at most so many rows at once. Each answers how many it deleted. */
import { sql, type Kysely } from 'kysely'
import type { Tables } from './tables.ts'

export interface RetentionStore {
  /** Cancelled, ended by an administrator, or with a planned end before this moment. */
  meetings(overBeforeMs: number, limit: number): Promise<number>
  /** Stays that ended before, and when tokens were last given out. */
  attendance(beforeMs: number, limit: number): Promise<number>
  /** Sent or given up before. */
  mails(endedBeforeMs: number, limit: number): Promise<number>
  /** Of deleted accounts, when nothing kept names them any more. */
  names(limit: number): Promise<number>
}

export function retentionStore(db: Kysely<Tables>): RetentionStore {
  return {
    meetings: async (overBeforeMs, limit) => {
      const over = db
        .selectFrom('meetings')
        .select('id')
        .where((eb) =>
          eb.or([
            // A start before is for the index.
            eb.and([
              eb('startsAt', '<', overBeforeMs),
              eb(sql<number>`starts_at + duration_min * 60000`, '<', overBeforeMs),
            ]),
            eb('cancelledAt', '<', overBeforeMs),
          ]),
        )
        .limit(limit)
      return deleted(await db.deleteFrom('meetings').where('id', 'in', over).executeTakeFirst())
    },
    attendance: (beforeMs, limit) => attendance(db, beforeMs, limit),
    mails: async (endedBeforeMs, limit) => {
      const ended = db
        .selectFrom('mails')
        .select('id')
        .where('state', '!=', 'waiting')
        .where('endedAt', '<', endedBeforeMs)
        .limit(limit)
      return deleted(await db.deleteFrom('mails').where('id', 'in', ended).executeTakeFirst())
    },
    names: async (limit) => {
      const unnamed = db
        .selectFrom('accounts')
        .select('accounts.id')
        .where('state', '=', 'deleted')
        .where('id', 'not in', db.selectFrom('meetings').select('organiserId'))
        .where('id', 'not in', db.selectFrom('attendance').select('accountId'))
        .where('id', 'not in', db.selectFrom('stays').select('accountId'))
        .limit(limit)
      return deleted(await db.deleteFrom('accounts').where('id', 'in', unnamed).executeTakeFirst())
    },
  }
}

async function attendance(db: Kysely<Tables>, beforeMs: number, limit: number): Promise<number> {
  const left = db.selectFrom('stays').select('id').where('leftAt', '<', beforeMs).limit(limit)
  const stays = await db.deleteFrom('stays').where('id', 'in', left).executeTakeFirst()
  const old = db
    .selectFrom('attendance')
    .select(['meetingId', 'accountId'])
    .where('tokenAt', '<', beforeMs)
    .limit(limit)
  const tokens = await db
    .deleteFrom('attendance')
    .where((eb) =>
      eb(eb.refTuple('meetingId', 'accountId'), 'in', old.$asTuple('meetingId', 'accountId')),
    )
    .executeTakeFirst()
  return deleted(stays) + deleted(tokens)
}

function deleted({ numDeletedRows }: { readonly numDeletedRows: bigint }): number {
  return Number(numDeletedRows)
}
