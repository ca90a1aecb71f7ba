/** Who last got a token for which meeting, and when. */
import type { Kysely } from 'kysely'
import type { AccountId, MeetingId } from '../contract/ids.ts'
import type { Tables } from './tables.ts'

export interface AttendanceStore {
  keep(meetingId: MeetingId, accountId: AccountId, tokenAt: number): Promise<void>
  /** Milliseconds; null when this account never got one. */
  lastTokenAt(meetingId: MeetingId, accountId: AccountId): Promise<number | null>
}

export function attendanceStore(db: Kysely<Tables>): AttendanceStore {
  return {
    keep: async (meetingId, accountId, tokenAt) => {
      await db
        .insertInto('attendance')
        .values({ meetingId, accountId, tokenAt })
        .onConflict((conflict) =>
          conflict.columns(['meetingId', 'accountId']).doUpdateSet({ tokenAt }),
        )
        .execute()
    },
    lastTokenAt: async (meetingId, accountId) => {
      const row = await db
        .selectFrom('attendance')
        .select('tokenAt')
        .where('meetingId', '=', meetingId)
        .where('accountId', '=', accountId)
        .executeTakeFirst()
      return row?.tokenAt ?? null
    },
  }
}
