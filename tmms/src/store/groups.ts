/** Groups of people: what each restricts, who belongs to it by hand, and whose domain does. */
import type { Kysely, Selectable } from 'kysely'
import type { AccountId, GroupId } from '../contract/ids.ts'
import { domainOf } from '../domain/accounts/domain-of.ts'
import type { Place } from '../domain/paging.ts'
import type { AccountRecord } from './accounts.ts'
import { belongsTo } from './people-filter.ts'
import type { GroupTable, Tables } from './tables.ts'

export interface GroupRecord extends Selectable<GroupTable> {
  readonly domains: readonly string[]
}

export interface GroupStore {
  add(group: GroupRecord): Promise<void>
  /** With the next version. */
  change(id: GroupId, group: Omit<GroupRecord, 'id' | 'createdAt' | 'version'>): Promise<void>
  remove(id: GroupId): Promise<void>
  byId(id: GroupId): Promise<GroupRecord | undefined>
  byPlainName(plainName: string): Promise<GroupRecord | undefined>
  /** Oldest first, behind `after`. */
  page(after: Place | null, limit: number): Promise<readonly GroupRecord[]>
  /** How many people belong to it by hand. */
  counts(ids: readonly GroupId[]): Promise<ReadonlyMap<GroupId, number>>
  addMembers(id: GroupId, accounts: readonly AccountId[], addedAt: number): Promise<void>
  removeMember(id: GroupId, accountId: AccountId): Promise<boolean>
  /** Groups that somebody belongs to, by hand or by domain, oldest first. */
  of(account: Pick<AccountRecord, 'id' | 'email'>): Promise<readonly GroupRecord[]>
  /** Those to which somebody belongs by hand. */
  byHand(accountId: AccountId): Promise<readonly GroupId[]>
  /** Whether an administrator, whatever the state of the account, belongs to it, by hand or by domain. */
  hasAdministrator(id: GroupId): Promise<boolean>
  /** Which of these belong to it by hand. */
  amongMembers(id: GroupId, accounts: readonly AccountId[]): Promise<ReadonlySet<AccountId>>
}

type Db = Kysely<Tables>

export function groupStore(db: Db): GroupStore {
  return { ...reading(db), ...writing(db), ...membership(db) }
}

function reading(
  db: Db,
): Pick<GroupStore, 'byId' | 'byPlainName' | 'page' | 'counts' | 'of' | 'byHand'> {
  const groups = () => db.selectFrom('groups').selectAll('groups')
  return {
    byId: async (id) =>
      (await withDomains(db, await groups().where('id', '=', id).execute())).at(0),
    byPlainName: async (plainName) => {
      const rows = await groups().where('plainName', '=', plainName).execute()
      return (await withDomains(db, rows)).at(0)
    },
    page: async (after, limit) => {
      const query =
        after === null
          ? groups()
          : groups().where((eb) =>
              eb.or([
                eb('createdAt', '>', after.atMs),
                eb.and([eb('createdAt', '=', after.atMs), eb('id', '>', after.id as GroupId)]),
              ]),
            )
      return withDomains(db, await query.orderBy('createdAt').orderBy('id').limit(limit).execute())
    },
    counts: async (ids) => {
      if (ids.length === 0) return new Map()
      const rows = await db
        .selectFrom('groupMembers')
        .select((eb) => ['groupId', eb.fn.countAll().as('count')])
        .where('groupId', 'in', ids)
        .groupBy('groupId')
        .execute()
      return new Map(rows.map(({ groupId, count }) => [groupId, Number(count)]))
    },
    of: (account) => groupsOf(db, account),
    byHand: async (accountId) => {
      const query = db.selectFrom('groupMembers').select('groupId')
      const rows = await query.where('accountId', '=', accountId).execute()
      return rows.map(({ groupId }) => groupId)
    },
  }
}

async function groupsOf(
  db: Db,
  { id, email }: Pick<AccountRecord, 'id' | 'email'>,
): Promise<readonly GroupRecord[]> {
  const domain = domainOf(email)
  const rows = await db
    .selectFrom('groups')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb('id', 'in', eb.selectFrom('groupMembers').select('groupId').where('accountId', '=', id)),
        eb(
          'id',
          'in',
          eb.selectFrom('groupDomains').select('groupId').where('domain', '=', domain),
        ),
      ]),
    )
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  return withDomains(db, rows)
}

function writing(db: Db): Pick<GroupStore, 'add' | 'change' | 'remove'> {
  const keepDomains = async (groupId: GroupId, domains: readonly string[]): Promise<void> => {
    await db.deleteFrom('groupDomains').where('groupId', '=', groupId).execute()
    if (domains.length === 0) return
    const rows = domains.map((domain) => ({ groupId, domain }))
    await db.insertInto('groupDomains').values(rows).execute()
  }
  return {
    add: async ({ domains, ...group }) => {
      await db.insertInto('groups').values(group).execute()
      await keepDomains(group.id, domains)
    },
    change: async (id, { domains, ...group }) => {
      await db
        .updateTable('groups')
        .set((eb) => ({ ...group, version: eb('version', '+', 1) }))
        .where('id', '=', id)
        .execute()
      await keepDomains(id, domains)
    },
    remove: async (id) => {
      await db.deleteFrom('groups').where('id', '=', id).execute()
    },
  }
}

type Membership = 'addMembers' | 'removeMember' | 'hasAdministrator' | 'amongMembers'

function membership(db: Db): Pick<GroupStore, Membership> {
  return {
    addMembers: async (groupId, accounts, addedAt) => {
      if (accounts.length === 0) return
      await db
        .insertInto('groupMembers')
        .values(accounts.map((accountId) => ({ groupId, accountId, addedAt })))
        .onConflict((conflict) => conflict.columns(['groupId', 'accountId']).doNothing())
        .execute()
    },
    removeMember: async (groupId, accountId) => {
      const { numDeletedRows } = await db
        .deleteFrom('groupMembers')
        .where('groupId', '=', groupId)
        .where('accountId', '=', accountId)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
    hasAdministrator: async (id) => {
      const query = db.selectFrom('accounts').select('id').where('role', '=', 'administrator')
      return (
        (await query
          .where((eb) => belongsTo(eb, id))
          .limit(1)
          .executeTakeFirst()) !== undefined
      )
    },
    amongMembers: async (groupId, accounts) => {
      if (accounts.length === 0) return new Set()
      const query = db.selectFrom('groupMembers').select('accountId').where('groupId', '=', groupId)
      const rows = await query.where('accountId', 'in', accounts).execute()
      return new Set(rows.map(({ accountId }) => accountId))
    },
  }
}

async function withDomains(
  db: Db,
  rows: readonly Selectable<GroupTable>[],
): Promise<readonly GroupRecord[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const query = db.selectFrom('groupDomains').selectAll().where('groupId', 'in', ids)
  const domains = Map.groupBy(await query.orderBy('domain').execute(), ({ groupId }) => groupId)
  return rows.map((row) => ({
    ...row,
    domains: (domains.get(row.id) ?? []).map(({ domain }) => domain),
  }))
}
