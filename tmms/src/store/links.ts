/** Links in mails: stored by the hash of their token, used once. */
import type { Kysely, Selectable } from 'kysely'
import type { AccountId } from '../contract/ids.ts'
import type { LinkPurpose, LinkTable } from './account-tables.ts'
import type { Tables } from './tables.ts'

export type LinkRecord = Selectable<LinkTable>

export interface LinkStore {
  add(link: LinkRecord): Promise<void>
  byHash(tokenHash: string): Promise<LinkRecord | undefined>
  /** False when somebody else was first. */
  use(tokenHash: string, usedAt: number): Promise<boolean>
  /** Marks the account's other links of this purpose as used. */
  useAll(accountId: AccountId, purpose: LinkPurpose, usedAt: number): Promise<void>
  /** Forgets setup links that nobody used. */
  dropSetup(): Promise<void>
  purge(expiredBeforeMs: number): Promise<void>
}

export function linkStore(db: Kysely<Tables>): LinkStore {
  return {
    add: async (link) => {
      await db.insertInto('links').values(link).execute()
    },
    byHash: (tokenHash) =>
      db.selectFrom('links').selectAll().where('tokenHash', '=', tokenHash).executeTakeFirst(),
    use: async (tokenHash, usedAt) => {
      const result = await db
        .updateTable('links')
        .set({ usedAt })
        .where('tokenHash', '=', tokenHash)
        .where('usedAt', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },
    useAll: async (accountId, purpose, usedAt) => {
      await db
        .updateTable('links')
        .set({ usedAt })
        .where('accountId', '=', accountId)
        .where('purpose', '=', purpose)
        .where('usedAt', 'is', null)
        .execute()
    },
    dropSetup: async () => {
      await db
        .deleteFrom('links')
        .where('purpose', '=', 'setup')
        .where('usedAt', 'is', null)
        .execute()
    },
    purge: async (expiredBeforeMs) => {
      await db.deleteFrom('links').where('expiresAt', '<', expiredBeforeMs).execute()
    },
  }
}
