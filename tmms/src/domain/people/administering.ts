/** What every change that an administrator makes to somebody's account has in common. */
import type { AccountId } from '../../contract/ids.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { Rows } from '../../store/store.ts'
import { endingAccess, type Ending } from '../access-ends.ts'
import type { Actor } from '../audit/actor.ts'
import { requireInPerson } from '../audit/in-person.ts'
import type { Context } from '../context.ts'

export interface Change {
  readonly rows: Rows
  readonly end: (ending: Ending) => Promise<void>
  readonly person: AccountRecord
  readonly nowMs: number
}

/** Whom a change is about, and whether the caller knows when it is the own account. */
export interface Target {
  readonly id: AccountId
  readonly own?: true
}

/**
 * Runs `work` as one transaction; every right that it ends is over when this resolves.
 * @throws {TmmsError} `not-found`; `token-scope` when an API token would change an administrator; as `work`.
 */
export async function administer<T>(
  context: Context,
  actor: Actor,
  id: AccountId,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  return endingAccess(context, async (rows, end) => {
    const person = await personOf(rows, id)
    if (person.role === 'administrator') requireInPerson(actor)
    return work({ rows, end, person, nowMs: context.now() })
  })
}

/** @throws {TmmsError} `not-found`. */
export async function personOf(rows: Rows, id: AccountId): Promise<AccountRecord> {
  const person = await rows.accounts.byId(id)
  if (person === undefined) throw new TmmsError('not-found', 'There is no such account.')
  return person
}

/**
 * Refuses what would leave nobody to administer, and what would end the caller's own rights unless `own` says that this
 * is meant.
 * @throws {TmmsError} `last-administrator`, `own-account`.
 */
export async function mayLoseRights(
  { rows, person }: Pick<Change, 'rows' | 'person'>,
  actor: Actor,
  own: true | undefined,
): Promise<void> {
  const administers = person.role === 'administrator' && person.state === 'active'
  if (administers && (await rows.accounts.countAdministratorsAlone()) <= 1) {
    throw new TmmsError('last-administrator', 'This is the last active administrator.')
  }
  if (person.id === actor.account?.id && own !== true) {
    throw new TmmsError('own-account', 'This is the own account of the caller.')
  }
}
