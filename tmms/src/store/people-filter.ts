/** What a list of people is narrowed to. */
import type { ExpressionBuilder } from 'kysely'
import type { Role } from '../contract/accounts.ts'
import type { GroupId } from '../contract/ids.ts'
import type { AccountState } from './account-tables.ts'
import type { Tables } from './tables.ts'
import { nameHas } from './words.ts'

export interface PeopleFilter {
  /** Each begins a word of the person's. */
  readonly words: readonly string[]
  readonly role?: Role | undefined
  readonly state?: AccountState | undefined
  /** Whoever belongs to it, by hand or by domain. */
  readonly group?: GroupId | undefined
  /** Last sign-in, milliseconds: from `sinceMs` on, before `untilMs`. Never is 0. */
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
}

export type Builder = ExpressionBuilder<Tables, 'accounts'>

export function fits(eb: Builder, { words, role, state, group, sinceMs, untilMs }: PeopleFilter) {
  return eb.and([
    eb('accounts.state', '!=', 'deleted'),
    ...(role === undefined ? [] : [eb('accounts.role', '=', role)]),
    ...(state === undefined ? [] : [eb('accounts.state', '=', state)]),
    ...(group === undefined ? [] : [belongsTo(eb, group)]),
    ...(sinceMs === undefined ? [] : [eb('accounts.lastSignInAt', '>=', sinceMs)]),
    ...(untilMs === undefined ? [] : [eb('accounts.lastSignInAt', '<', untilMs)]),
    ...words.map((word) => eb.exists(nameHas('accounts.id', word))),
  ])
}

/** Whether an account belongs to a group, by hand or by the domain of its address. */
export function belongsTo(eb: Builder, group: GroupId) {
  const byHand = eb
    .selectFrom('groupMembers')
    .select('groupMembers.accountId')
    .where('groupMembers.groupId', '=', group)
  const domains = eb
    .selectFrom('groupDomains')
    .select('groupDomains.domain')
    .where('groupDomains.groupId', '=', group)
  return eb.or([eb('accounts.id', 'in', byHand), eb('accounts.domain', 'in', domains)])
}
