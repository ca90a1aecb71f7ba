/** Accounts and their credentials, by id and by address. */
import type { Kysely, Selectable } from 'kysely'
import type { AccountId } from '../contract/ids.ts'
import { domainOf } from '../domain/accounts/domain-of.ts'
import { nameKey, searchWords } from '../domain/accounts/search-words.ts'
import type { AccountTable, CredentialTable } from './account-tables.ts'
import type { Tables } from './tables.ts'

export type AccountRecord = Selectable<AccountTable>
export type CredentialRecord = Selectable<CredentialTable>
/** What the rules know of somebody new; the store adds how they are found. */
export type NewAccount = Omit<AccountRecord, 'domain' | 'lastSignInAt' | 'nameKey' | 'version'>
type AccountChange = Partial<Omit<NewAccount, 'id' | 'createdAt'>>

/** Nobody finds what is kept of a deleted account (state `deleted`) but those who see its meetings. */
export interface AccountStore {
  add(account: NewAccount): Promise<void>
  /** False when there is no such account, or not any more of this `version`. */
  change(id: AccountId, change: AccountChange, version?: number): Promise<boolean>
  byId(id: AccountId): Promise<AccountRecord | undefined>
  byEmail(email: string): Promise<AccountRecord | undefined>
  byIds(ids: readonly string[]): Promise<readonly AccountRecord[]>
  byEmails(emails: readonly string[]): Promise<readonly AccountRecord[]>
  hasAdministrator(): Promise<boolean>
  /**
   * How many can sign in as administrators. Call inside a transaction: whoever asks next waits for its end, so that two
   * who each take one away do not both count the other's.
   */
  countAdministratorsAlone(): Promise<number>
  signedIn(id: AccountId, atMs: number): Promise<void>
  /** With all that is its own. Fails for somebody who organised a meeting. */
  remove(id: AccountId): Promise<void>
  /** Forgets all of an account but the name. */
  reduceToName(id: AccountId): Promise<void>
  credentialOf(id: AccountId): Promise<CredentialRecord | undefined>
  credentialByEmail(email: string): Promise<CredentialRecord | undefined>
  keepCredential(credential: CredentialRecord): Promise<void>
  hasCredentials(): Promise<boolean>
}

export function accountStore(db: Kysely<Tables>): AccountStore {
  const one = (id: AccountId) =>
    db.selectFrom('accounts').selectAll().where('id', '=', id).where('state', '!=', 'deleted')
  return {
    add: async (account) => {
      const found = { nameKey: nameKey(account), domain: domainOf(account.email) }
      const row = { ...account, ...found, lastSignInAt: 0, version: 1 }
      await db.insertInto('accounts').values(row).execute()
      await keepWords(db, account)
    },
    change: async (id, change, version) => {
      const set = db.updateTable('accounts').where('id', '=', id).where('state', '!=', 'deleted')
      const { numUpdatedRows } = await (
        version === undefined ? set : set.where('version', '=', version)
      )
        .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      const renamed = ['email', 'firstName', 'lastName'].some((key) => key in change)
      if (renamed) await keepFound(db, await one(id).executeTakeFirstOrThrow())
      return true
    },
    byId: (id) => one(id).executeTakeFirst(),
    byEmail: (email) =>
      db.selectFrom('accounts').selectAll().where('email', '=', email).executeTakeFirst(),
    byIds: async (ids) =>
      ids.length === 0
        ? []
        : db
            .selectFrom('accounts')
            .selectAll()
            .where('id', 'in', ids as readonly AccountId[])
            .execute(),
    byEmails: async (emails) =>
      emails.length === 0
        ? []
        : db.selectFrom('accounts').selectAll().where('email', 'in', emails).execute(),
    signedIn: async (id, lastSignInAt) => {
      await db.updateTable('accounts').set({ lastSignInAt }).where('id', '=', id).execute()
    },
    ...administrators(db),
    ...endings(db),
    ...credentials(db),
  }
}

type Found = Pick<AccountRecord, 'id' | 'email' | 'firstName' | 'lastName'>

async function keepFound(db: Kysely<Tables>, account: Found): Promise<void> {
  const { id } = account
  await db
    .updateTable('accounts')
    .set({ nameKey: nameKey(account), domain: domainOf(account.email) })
    .where('id', '=', id)
    .execute()
  await db.deleteFrom('accountWords').where('accountId', '=', id).execute()
  await keepWords(db, account)
}

async function keepWords(db: Kysely<Tables>, account: Found): Promise<void> {
  const rows = searchWords(account).map((word) => ({ accountId: account.id, word }))
  await db.insertInto('accountWords').values(rows).execute()
}

function administrators(
  db: Kysely<Tables>,
): Pick<AccountStore, 'hasAdministrator' | 'countAdministratorsAlone'> {
  const active = () => {
    const query = db.selectFrom('accounts').where('role', '=', 'administrator')
    return query.where('state', '=', 'active')
  }
  return {
    hasAdministrator: async () =>
      (await active().select('id').limit(1).executeTakeFirst()) !== undefined,
    countAdministratorsAlone: async () => {
      await db
        .insertInto('turns')
        .values({ name: 'administrators', taken: 1 })
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet((eb) => ({ taken: eb('turns.taken', '+', 1) })),
        )
        .execute()
      const query = active().select(({ fn }) => fn.countAll<number>().as('count'))
      return (await query.executeTakeFirstOrThrow()).count
    },
  }
}

function endings(db: Kysely<Tables>): Pick<AccountStore, 'remove' | 'reduceToName'> {
  return {
    remove: async (id) => {
      await db.deleteFrom('accounts').where('id', '=', id).execute()
    },
    reduceToName: async (id) => {
      for (const table of OWN) await db.deleteFrom(table).where('accountId', '=', id).execute()
      await db
        .updateTable('accounts')
        .set({ email: `${DELETED}${id}`, domain: '', ...GONE })
        .where('id', '=', id)
        .execute()
    },
  }
}

const OWN = ['accountWords', 'credentials', 'sessions', 'knownDevices', 'links', 'invites'] as const
const GONE = { state: 'deleted', role: 'user', nameKey: '' } as const
/** No address begins like this, and each stays another's. */
const DELETED = 'deleted:'

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
