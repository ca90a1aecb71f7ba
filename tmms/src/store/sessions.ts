/** Who is signed in, and which browsers have signed in before. */
import type { Kysely, Selectable } from 'kysely'
import type { AccountId } from '../contract/ids.ts'
import type { AccountRecord } from './accounts.ts'
import type { KnownDeviceTable, SessionTable, Tables } from './tables.ts'

export interface SessionStore {
  add(session: Selectable<SessionTable>): Promise<void>
  accountOf(tokenHash: string, nowMs: number): Promise<AccountRecord | undefined>
  remove(tokenHash: string): Promise<void>
  /** Ends every session of the account and forgets its devices. */
  revokeAll(accountId: AccountId): Promise<void>
  /** Those that still hold, newest first. */
  of(accountId: AccountId, nowMs: number): Promise<readonly Selectable<SessionTable>[]>
  /** Most recently seen first. */
  devicesOf(accountId: AccountId): Promise<readonly Selectable<KnownDeviceTable>[]>
  purge(nowMs: number, deviceSeenBeforeMs: number): Promise<void>
  rememberDevice(device: Selectable<KnownDeviceTable>): Promise<void>
  knowsDevice(deviceHash: string, email: string): Promise<boolean>
}

export function sessionStore(db: Kysely<Tables>): SessionStore {
  return {
    add: async (session) => {
      await db.insertInto('sessions').values(session).execute()
    },
    accountOf: (tokenHash, nowMs) =>
      db
        .selectFrom('sessions')
        .innerJoin('accounts', 'accounts.id', 'sessions.accountId')
        .selectAll('accounts')
        .where('tokenHash', '=', tokenHash)
        .where('expiresAt', '>', nowMs)
        .where('accounts.state', '=', 'active')
        .executeTakeFirst(),
    remove: async (tokenHash) => {
      await db.deleteFrom('sessions').where('tokenHash', '=', tokenHash).execute()
    },
    revokeAll: async (accountId) => {
      await db.deleteFrom('sessions').where('accountId', '=', accountId).execute()
      await db.deleteFrom('knownDevices').where('accountId', '=', accountId).execute()
    },
    of: (accountId, nowMs) => {
      const query = db.selectFrom('sessions').selectAll().where('accountId', '=', accountId)
      return query.where('expiresAt', '>', nowMs).orderBy('createdAt', 'desc').execute()
    },
    devicesOf: (accountId) => {
      const query = db.selectFrom('knownDevices').selectAll().where('accountId', '=', accountId)
      return query.orderBy('seenAt', 'desc').execute()
    },
    purge: async (nowMs, deviceSeenBeforeMs) => {
      await db.deleteFrom('sessions').where('expiresAt', '<=', nowMs).execute()
      await db.deleteFrom('knownDevices').where('seenAt', '<', deviceSeenBeforeMs).execute()
    },
    ...devices(db),
  }
}

function devices(db: Kysely<Tables>): Pick<SessionStore, 'rememberDevice' | 'knowsDevice'> {
  return {
    rememberDevice: async (device) => {
      await db
        .insertInto('knownDevices')
        .values(device)
        .onConflict((conflict) =>
          conflict.columns(['deviceHash', 'accountId']).doUpdateSet({ seenAt: device.seenAt }),
        )
        .execute()
    },
    knowsDevice: async (deviceHash, email) => {
      const row = await db
        .selectFrom('knownDevices')
        .innerJoin('accounts', 'accounts.id', 'knownDevices.accountId')
        .select('accountId')
        .where('deviceHash', '=', deviceHash)
        .where('accounts.email', '=', email)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
