/** Who is signed in, and which browsers have signed in before. */
import type { Expression, ExpressionBuilder, Kysely, Selectable, SqlBool } from 'kysely'
import type { AccountId } from '../contract/ids.ts'
import type { AccountRecord } from './accounts.ts'
import type { KnownDeviceTable, SessionTable } from './account-tables.ts'
import type { Tables } from './tables.ts'

interface FoundSession extends Pick<Selectable<SessionTable>, 'usedAt' | 'idleMs'> {
  readonly account: AccountRecord
}

export interface SessionStore {
  add(session: Selectable<SessionTable>): Promise<void>
  /** One that holds, of somebody who may sign in. */
  find(tokenHash: string, nowMs: number): Promise<FoundSession | undefined>
  used(tokenHash: string, nowMs: number): Promise<void>
  /** No session of this kind lives longer than `lifeMs` from its start. */
  shorten(remembered: 0 | 1, lifeMs: number): Promise<void>
  /** For every session. Those without a limit until now count as used now. */
  limitIdle(idleMs: number | null, nowMs: number): Promise<void>
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
    find: async (tokenHash, nowMs) => {
      const row = await db
        .selectFrom('sessions')
        .innerJoin('accounts', 'accounts.id', 'sessions.accountId')
        .selectAll('accounts')
        .select(['usedAt', 'idleMs'])
        .where('tokenHash', '=', tokenHash)
        .where(holding(nowMs))
        .where('accounts.state', '=', 'active')
        .executeTakeFirst()
      if (row === undefined) return undefined
      const { usedAt, idleMs, ...account } = row
      return { account, usedAt, idleMs }
    },
    remove: async (tokenHash) => {
      await db.deleteFrom('sessions').where('tokenHash', '=', tokenHash).execute()
    },
    revokeAll: async (accountId) => {
      await db.deleteFrom('sessions').where('accountId', '=', accountId).execute()
      await db.deleteFrom('knownDevices').where('accountId', '=', accountId).execute()
    },
    of: (accountId, nowMs) => {
      const query = db.selectFrom('sessions').selectAll().where('accountId', '=', accountId)
      return query.where(holding(nowMs)).orderBy('createdAt', 'desc').execute()
    },
    devicesOf: (accountId) => {
      const query = db.selectFrom('knownDevices').selectAll().where('accountId', '=', accountId)
      return query.orderBy('seenAt', 'desc').execute()
    },
    purge: async (nowMs, deviceSeenBeforeMs) => {
      await db
        .deleteFrom('sessions')
        .where((where) => where.not(holding(nowMs)(where)))
        .execute()
      await db.deleteFrom('knownDevices').where('seenAt', '<', deviceSeenBeforeMs).execute()
    },
    ...lengths(db),
    ...devices(db),
  }
}

type Lengths = Pick<SessionStore, 'used' | 'shorten' | 'limitIdle'>

function lengths(db: Kysely<Tables>): Lengths {
  return {
    used: async (tokenHash, usedAt) => {
      await db
        .updateTable('sessions')
        .set({ usedAt })
        .where('tokenHash', '=', tokenHash)
        .where('usedAt', '<', usedAt)
        .execute()
    },
    shorten: async (remembered, lifeMs) => {
      await db
        .updateTable('sessions')
        .set(({ eb }) => ({ expiresAt: eb('createdAt', '+', lifeMs) }))
        .where('remembered', '=', remembered)
        .where('expiresAt', '>', ({ eb }) => eb('createdAt', '+', lifeMs))
        .execute()
    },
    limitIdle: async (idleMs, nowMs) => {
      const unlimited = db.updateTable('sessions').where('idleMs', 'is', null)
      if (idleMs !== null) await unlimited.set({ usedAt: nowMs }).execute()
      await db.updateTable('sessions').set({ idleMs }).execute()
    },
  }
}

/** Neither over nor idle for too long. */
function holding(nowMs: number) {
  return (eb: ExpressionBuilder<Tables, 'sessions'>): Expression<SqlBool> =>
    eb.and([
      eb('sessions.expiresAt', '>', nowMs),
      eb.or([
        eb('sessions.idleMs', 'is', null),
        eb(eb('sessions.usedAt', '+', eb.ref('sessions.idleMs')), '>', nowMs),
      ]),
    ])
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
