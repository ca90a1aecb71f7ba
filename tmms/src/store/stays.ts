/** Who was in a meeting from when to when, where its policy keeps that. */
import { sql, type Kysely, type Selectable } from 'kysely'
import type { MeetingId } from '../contract/ids.ts'
import type { StayTable } from './meeting-tables.ts'
import type { Tables } from './tables.ts'

type StayRecord = Selectable<StayTable>

export interface NamedStay extends Pick<StayRecord, 'joinedAt' | 'leftAt'> {
  readonly email: string
  readonly firstName: string
  readonly lastName: string
}

export interface StayStore {
  add(stay: StayRecord): Promise<void>
  end(id: string, leftAt: number): Promise<void>
  /** Nobody is in any more; they were at least until they last got a token. */
  endAll(): Promise<void>
  count(meetingId: MeetingId): Promise<number>
  /** In the order of their coming. */
  of(meetingId: MeetingId): Promise<readonly NamedStay[]>
}

export function stayStore(db: Kysely<Tables>): StayStore {
  return {
    add: async (stay) => {
      await db.insertInto('stays').values(stay).execute()
    },
    end: async (id, leftAt) => {
      const update = db.updateTable('stays').set({ leftAt }).where('id', '=', id)
      await update.where('leftAt', 'is', null).execute()
    },
    endAll: async () => {
      const lastToken = sql<number>`(select attendance.token_at from attendance
        where attendance.meeting_id = stays.meeting_id
          and attendance.account_id = stays.account_id and attendance.token_at > stays.joined_at)`
      const leftAt = sql<number>`coalesce(${lastToken}, stays.joined_at)`
      await db.updateTable('stays').set({ leftAt }).where('leftAt', 'is', null).execute()
    },
    count: async (meetingId) => {
      const query = db.selectFrom('stays').select(sql<number>`count(*)`.as('count'))
      return (await query.where('meetingId', '=', meetingId).executeTakeFirstOrThrow()).count
    },
    of: (meetingId) =>
      db
        .selectFrom('stays')
        .innerJoin('accounts', 'accounts.id', 'stays.accountId')
        .select(['joinedAt', 'leftAt', 'email', 'firstName', 'lastName'])
        .where('meetingId', '=', meetingId)
        .orderBy('joinedAt')
        .orderBy('stays.id')
        .execute(),
  }
}
