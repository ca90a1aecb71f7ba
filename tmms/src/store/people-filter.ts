/** What a list of people is narrowed to. */
import type { ExpressionBuilder } from 'kysely'
import type { Role } from '../contract/accounts.ts'
import type { AccountState } from './account-tables.ts'
import type { Tables } from './tables.ts'
import { nameHas } from './words.ts'

export interface PeopleFilter {
  /** Each begins a word of the person's. */
  readonly words: readonly string[]
  readonly role?: Role | undefined
  readonly state?: AccountState | undefined
  /** Last sign-in, milliseconds: from `sinceMs` on, before `untilMs`. Never is 0. */
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
}

export type Builder = ExpressionBuilder<Tables, 'accounts'>

export function fits(eb: Builder, { words, role, state, sinceMs, untilMs }: PeopleFilter) {
  return eb.and([
    eb('accounts.state', '!=', 'deleted'),
    ...(role === undefined ? [] : [eb('accounts.role', '=', role)]),
    ...(state === undefined ? [] : [eb('accounts.state', '=', state)]),
    ...(sinceMs === undefined ? [] : [eb('accounts.lastSignInAt', '>=', sinceMs)]),
    ...(untilMs === undefined ? [] : [eb('accounts.lastSignInAt', '<', untilMs)]),
    ...words.map((word) => eb.exists(nameHas('accounts.id', word))),
  ])
}
