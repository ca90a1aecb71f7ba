/** The meetings of one person, for what becomes of them when the person goes. */
import { sql, type Kysely } from 'kysely'
import type { AccountId, MeetingId } from '../contract/ids.ts'
import type { Place } from '../domain/paging.ts'
import { visible, type MeetingRecord } from './meetings.ts'
import type { Tables } from './tables.ts'

export interface OrganiserStore {
  /** Not cancelled, and with a planned end after this moment; soonest first. */
  planned(id: AccountId, endsAfterMs: number): Promise<readonly MeetingRecord[]>
  /** Of others, not cancelled, and with a planned end after this moment; soonest first. */
  invitedTo(id: AccountId, endsAfterMs: number): Promise<readonly MeetingRecord[]>
  /** Whatever became of them. */
  count(id: AccountId): Promise<number>
  /** Of others, not cancelled, and with a planned end after this moment. */
  countInvitedTo(id: AccountId, endsAfterMs: number): Promise<number>
  /** Organised or invited to, the latest first, behind `after`. */
  page(id: AccountId, after: Place | null, limit: number): Promise<readonly MeetingRecord[]>
  /** Counts as a change. False when the meeting is no longer the one with this number. */
  handOver(id: MeetingId, sequence: number, to: AccountId): Promise<boolean>
  /** Whether a meeting, or the list of who was in it, would lose a name with this account. */
  isNamed(id: AccountId): Promise<boolean>
}

const MINUTE_MS = 60_000
const plannedEnd = sql<number>`meetings.starts_at + meetings.duration_min * ${sql.lit(MINUTE_MS)}`
const counted = sql<number>`count(*)`.as('count')

export function organiserStore(db: Kysely<Tables>): OrganiserStore {
  return {
    planned: (id, endsAfterMs) =>
      visible(db, id)
        .where('meetings.organiserId', '=', id)
        .where('meetings.cancelledAt', 'is', null)
        .where(plannedEnd, '>', endsAfterMs)
        .orderBy('meetings.startsAt')
        .execute(),
    invitedTo: (id, endsAfterMs) =>
      visible(db, id)
        .where('meetings.organiserId', '!=', id)
        .where('meetings.cancelledAt', 'is', null)
        .where(plannedEnd, '>', endsAfterMs)
        .orderBy('meetings.startsAt')
        .execute(),
    count: async (id) => {
      const query = db.selectFrom('meetings').select(counted).where('organiserId', '=', id)
      return (await query.executeTakeFirstOrThrow()).count
    },
    countInvitedTo: async (id, endsAfterMs) => {
      const query = db
        .selectFrom('invites')
        .innerJoin('meetings', 'meetings.id', 'invites.meetingId')
        .select(counted)
        .where('invites.accountId', '=', id)
        .where('invites.excludedAt', 'is', null)
        .where('meetings.organiserId', '!=', id)
        .where('meetings.cancelledAt', 'is', null)
        .where(plannedEnd, '>', endsAfterMs)
      return (await query.executeTakeFirstOrThrow()).count
    },
    page: (id, after, limit) => {
      const query = visible(db, id)
      const behind =
        after === null
          ? query
          : query.where((eb) =>
              eb(
                eb.refTuple('meetings.startsAt', 'meetings.id'),
                '<',
                eb.tuple(after.atMs, after.id as MeetingId),
              ),
            )
      return behind
        .orderBy('meetings.startsAt', 'desc')
        .orderBy('meetings.id', 'desc')
        .limit(limit)
        .execute()
    },
    handOver: (id, sequence, to) => handOver(db, { id, sequence, to }),
    isNamed: async (id) => {
      const organised = db.selectFrom('meetings').select('id').where('organiserId', '=', id)
      const attended = db.selectFrom('attendance').select('meetingId').where('accountId', '=', id)
      const first = await organised.limit(1).executeTakeFirst()
      return (first ?? (await attended.limit(1).executeTakeFirst())) !== undefined
    },
  }
}

async function handOver(
  db: Kysely<Tables>,
  {
    id,
    sequence,
    to,
  }: { readonly id: MeetingId; readonly sequence: number; readonly to: AccountId },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('meetings')
    .set({ organiserId: to, sequence: sequence + 1 })
    .where('id', '=', id)
    .where('sequence', '=', sequence)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  // Whoever organises a meeting is not on its list of the invited.
  const invite = db.deleteFrom('invites').where('meetingId', '=', id)
  await invite.where('accountId', '=', to).execute()
  return true
}
