/** Accounts and their credentials, by id and by address. */
import type { Kysely, Selectable, Updateable } from 'kysely'
import type { AccountId } from '../contract/ids.ts'
import type { Place } from '../domain/paging.ts'
import type { AccountTable, CredentialTable, Tables } from './tables.ts'

export type AccountRecord = Selectable<AccountTable>
export type CredentialRecord = Selectable<CredentialTable>

export interface AccountStore {
  add(account: AccountRecord): Promise<void>
  change(id: AccountId, change: Updateable<Omit<AccountTable, 'id'>>): Promise<void>
  byId(id: AccountId): Promise<AccountRecord | undefined>
  byEmail(email: string): Promise<AccountRecord | undefined>
  byEmails(emails: readonly string[]): Promise<readonly AccountRecord[]>
  /** Newest first, behind `after`. */
  page(after: Place | null, limit: number): Promise<readonly AccountRecord[]>
  hasAdministrator(): Promise<boolean>
  credentialOf(id: AccountId): Promise<CredentialRecord | undefined>
  credentialByEmail(email: string): Promise<CredentialRecord | undefined>
  keepCredential(credential: CredentialRecord): Promise<void>
  hasCredentials(): Promise<boolean>
}

export function accountStore(db: Kysely<Tables>): AccountStore {
  return {
    add: async (account) => {
      await db.insertInto('accounts').values(account).execute()
    },
    change: async (id, change) => {
      await db.updateTable('accounts').set(change).where('id', '=', id).execute()
    },
    byId: (id) => db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst(),
    byEmail: (email) =>
      db.selectFrom('accounts').selectAll().where('email', '=', email).executeTakeFirst(),
    byEmails: async (emails) =>
      emails.length === 0
        ? []
        : db.selectFrom('accounts').selectAll().where('email', 'in', emails).execute(),
    page: (after, limit) => {
      const query = db.selectFrom('accounts').selectAll()
      const behind =
        after === null
          ? query
          : query.where((eb) =>
              eb.or([
                eb('createdAt', '<', after.atMs),
                eb.and([eb('createdAt', '=', after.atMs), eb('id', '>', after.id as AccountId)]),
              ]),
            )
      return behind.orderBy('createdAt', 'desc').orderBy('id').limit(limit).execute()
    },
    hasAdministrator: async () => {
      const query = db.selectFrom('accounts').select('id').where('role', '=', 'administrator')
      return (await query.where('state', '=', 'active').limit(1).executeTakeFirst()) !== undefined
    },
    ...credentials(db),
  }
}

type Credentials = Pick<
  AccountStore,
  'credentialOf' | 'credentialByEmail' | 'keepCredential' | 'hasCredentials'
>

function credentials(db: Kysely<Tables>): Credentials {
  return {
    credentialOf: (id) =>
      db.selectFrom('credentials').selectAll().where('accountId', '=', id).executeTakeFirst(),
    credentialByEmail: (email) =>
      db
        .selectFrom('credentials')
        .innerJoin('accounts', 'accounts.id', 'credentials.accountId')
        .selectAll('credentials')
        .where('accounts.email', '=', email)
        .executeTakeFirst(),
    keepCredential: async (credential) => {
      await db
        .insertInto('credentials')
        .values(credential)
        .onConflict((conflict) => conflict.column('accountId').doUpdateSet(credential))
        .execute()
    },
    hasCredentials: async () => {
      const query = db.selectFrom('credentials').select('accountId').limit(1)
      return (await query.executeTakeFirst()) !== undefined
    },
  }
}
