/** Who belongs to a group: by hand, or by the domain of the address. */
import type { AccountId, GroupId } from '../../contract/ids.ts'
import type { PersonPolicy } from '../../contract/groups.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { Rows } from '../../store/store.ts'
import { normaliseEmail, showEmail } from '../accounts/email.ts'
import type { Actor } from '../audit/actor.ts'
import { requireInPerson } from '../audit/in-person.ts'
import { accountObject, record } from '../audit/record.ts'
import { checkEach } from '../check-all.ts'
import type { Context } from '../context.ts'
import type { Page, PageRequest } from '../paging.ts'
import { listPeople, type PeopleList } from '../people/list.ts'
import { explainPerson } from '../policy/people.ts'
import { requireUnchanged } from '../versions.ts'
import { groupOf } from './group.ts'

export interface Belonging {
  readonly account: AccountRecord
  readonly by: 'hand' | 'domain'
}

/** By name. `q` as in the list of people. @throws {TmmsError} `not-found`. */
export async function listMembers(
  context: Context,
  id: GroupId,
  asked: PageRequest & { readonly q: string },
): Promise<Page<Belonging> & Pick<PeopleList, 'total'>> {
  const { store } = context
  await groupOf(store, id)
  const { rows, ...page } = await listPeople(context, {
    ...asked,
    group: id,
    sort: 'name',
    order: 'asc',
  })
  const byHand = await store.groups.amongMembers(
    id,
    rows.map((account) => account.id),
  )
  const by = (account: AccountRecord) => (byHand.has(account.id) ? 'hand' : 'domain')
  return { rows: rows.map((account) => ({ account, by: by(account) })), ...page }
}

/**
 * Adds whoever of these addresses has an account.
 * @returns how many were added, and the addresses without an account.
 * @throws {TmmsError} `not-found`, `invalid-email` at `emails.<index>`; `token-scope` when an API token would add an administrator.
 */
export async function addMembers(
  context: Context,
  actor: Actor,
  { id, emails }: { readonly id: GroupId; readonly emails: readonly string[] },
): Promise<{ readonly added: number; readonly unknown: readonly string[] }> {
  const wanted = [...new Set(checkEach(emails, (text, at) => normaliseEmail(text, `emails.${at}`)))]
  return context.store.atomically(async (rows) => {
    const group = await groupOf(rows, id)
    const found = await rows.accounts.byEmails(wanted)
    const already = await rows.groups.amongMembers(
      id,
      found.map((account) => account.id),
    )
    const fresh = found.filter((account) => !already.has(account.id))
    for (const account of fresh) await joining(context, rows, { actor, account, group })
    const known = new Set(found.map(({ email }) => email))
    const unknown = wanted.filter((email) => !known.has(email)).map(showEmail)
    return { added: fresh.length, unknown }
  })
}

/** @throws {TmmsError} `not-found` also for somebody who does not belong to it by hand; `token-scope` as `addMembers`. */
export async function removeMember(
  context: Context,
  actor: Actor,
  { id, account: accountId }: { readonly id: GroupId; readonly account: AccountId },
): Promise<void> {
  await context.store.atomically(async (rows) => {
    const [group, account] = [await groupOf(rows, id), await rows.accounts.byId(accountId)]
    const belongs = (await rows.groups.amongMembers(id, [accountId])).has(accountId)
    if (account === undefined || !belongs) throw noMember()
    await leaving(context, rows, { actor, account, group })
  })
}

/**
 * Puts somebody by hand into exactly these groups.
 * @throws {TmmsError} `not-found`, `changed-meanwhile`; `token-scope` for administrators.
 */
export async function setGroupsOf(
  context: Context,
  actor: Actor,
  {
    account: accountId,
    version,
    groups,
  }: {
    readonly account: AccountId
    /** Of the account, as it was read. */
    readonly version: number
    readonly groups: readonly GroupId[]
  },
): Promise<void> {
  await context.store.atomically(async (rows) => {
    const account = await rows.accounts.byId(accountId)
    if (account === undefined) throw noAccount()
    requireMay(actor, account)
    const versions = { is: account.version, basedOn: version }
    await requireUnchanged(rows, { kind: 'account', id: accountId }, versions)
    const before = await rows.groups.byHand(accountId)
    for (const id of new Set(groups.filter((one) => !before.includes(one)))) {
      await joining(context, rows, { actor, account, group: await groupOf(rows, id) })
    }
    for (const id of before.filter((one) => !groups.includes(one))) {
      await leaving(context, rows, { actor, account, group: await groupOf(rows, id) })
    }
  })
}

/** What is restricted for somebody, and by which group. @throws {TmmsError} `not-found`. */
export async function policyOf({ store }: Context, id: AccountId): Promise<PersonPolicy> {
  const account = await store.accounts.byId(id)
  if (account === undefined) throw noAccount()
  const byHand = new Set(await store.groups.byHand(id))
  const groups = (await store.groups.of(account)).map((group) => ({
    id: group.id,
    name: group.name,
    by: byHand.has(group.id) ? ('hand' as const) : ('domain' as const),
  }))
  return { groups, switches: await explainPerson(store, account), version: account.version }
}

interface Move {
  readonly actor: Actor
  readonly account: AccountRecord
  readonly group: { readonly id: GroupId; readonly name: string }
}

async function joining({ now }: Context, rows: Rows, { actor, account, group }: Move) {
  requireMay(actor, account)
  await rows.groups.addMembers(group.id, [account.id], now())
  await rows.accounts.change(account.id, {})
  await record(rows, actor, now(), {
    action: 'group-member-added',
    object: accountObject(account),
    details: { group: group.name, groupId: group.id },
  })
}

async function leaving({ now }: Context, rows: Rows, { actor, account, group }: Move) {
  requireMay(actor, account)
  await rows.groups.removeMember(group.id, account.id)
  await rows.accounts.change(account.id, {})
  await record(rows, actor, now(), {
    action: 'group-member-removed',
    object: accountObject(account),
    details: { group: group.name, groupId: group.id },
  })
}

// In a group or out of it, an administrator may do less or more.
function requireMay(actor: Actor, { role }: AccountRecord): void {
  if (role === 'administrator') requireInPerson(actor)
}

function noMember(): TmmsError {
  return new TmmsError('not-found', 'There is no such person in it.')
}

function noAccount(): TmmsError {
  return new TmmsError('not-found', 'There is no such account.')
}
