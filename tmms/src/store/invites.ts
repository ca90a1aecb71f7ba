/** Who is invited to a meeting, and who was put out of it. */
import type { Kysely, Selectable } from 'kysely'
import type { AccountId, MeetingId } from '../contract/ids.ts'
import type { AccountRecord } from './accounts.ts'
import type { InviteTable } from './meeting-tables.ts'
import type { Tables } from './tables.ts'

export interface Invitee {
  readonly email: string
  readonly name: string
}

export interface InviteStore {
  /** Ends an exclusion, too. */
  invite(invites: readonly Selectable<InviteTable>[]): Promise<void>
  invited(id: MeetingId): Promise<readonly AccountRecord[]>
  /** Addresses, with the names that the organiser gave. */
  invitees(ids: readonly MeetingId[]): Promise<ReadonlyMap<MeetingId, readonly Invitee[]>>
  /** False when this account was never invited. */
  exclude(id: MeetingId, accountId: AccountId, excludedAt: number): Promise<boolean>
}

export function inviteStore(db: Kysely<Tables>): InviteStore {
  return {
    invite: async (rows) => {
      if (rows.length === 0) return
      await db
        .insertInto('invites')
        .values(rows)
        .onConflict((conflict) =>
          conflict.columns(['meetingId', 'accountId']).doUpdateSet({ excludedAt: null }),
        )
        .execute()
    },
    invited: (id) =>
      db
        .selectFrom('invites')
        .innerJoin('accounts', 'accounts.id', 'invites.accountId')
        .selectAll('accounts')
        .where('invites.meetingId', '=', id)
        .where('invites.excludedAt', 'is', null)
        .orderBy('accounts.email')
        .execute(),
    invitees: async (ids) => {
      const rows =
        ids.length === 0
          ? []
          : await db
              .selectFrom('invites')
              .innerJoin('accounts', 'accounts.id', 'invites.accountId')
              .select(['invites.meetingId', 'accounts.email', 'invites.givenName as name'])
              .where('invites.meetingId', 'in', ids)
              .where('invites.excludedAt', 'is', null)
              .orderBy('accounts.email')
              .execute()
      const grouped = Map.groupBy(rows, (row) => row.meetingId)
      return new Map(
        [...grouped].map(([id, group]) => [id, group.map(({ email, name }) => ({ email, name }))]),
      )
    },
    exclude: async (id, accountId, excludedAt) => {
      const { numUpdatedRows } = await db
        .updateTable('invites')
        .set({ excludedAt })
        .where('meetingId', '=', id)
        .where('accountId', '=', accountId)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
  }
}
