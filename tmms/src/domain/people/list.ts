/** The list of everybody: narrowed, sorted, page by page. */
import type { Narrowed } from '../../contract/people.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { PeopleFilter } from '../../store/people-filter.ts'
import type { PeopleOrder, PeoplePlace } from '../../store/people.ts'
import { soughtWords } from '../accounts/search-words.ts'
import type { Context } from '../context.ts'
import type { Page, PageRequest } from '../paging.ts'

export interface PeopleList extends Page<AccountRecord> {
  /** On the first page; null when it is not known. */
  readonly total: number | null
}

/** @throws {TmmsError} `bad-request` for a cursor that this server did not give out for this order. */
export async function listPeople(
  { store }: Context,
  { cursor, limit, ...narrowed }: PageRequest & Narrowed,
): Promise<PeopleList> {
  const filter = filterOf(narrowed)
  const order = narrowed.sort
  const after = cursor === undefined ? null : readCursor(cursor, order)
  const descending = narrowed.order === 'desc'
  const { rows, next } = await store.people.page({ order, descending, after, limit }, filter)
  const total = after === null ? await store.people.count(filter) : null
  return { rows, next: next === null ? null : writeCursor(next, order), total }
}

/** Never is before every time. */
export function filterOf(narrowed: Narrowed): PeopleFilter {
  const { q, role, state, group, lastSignIn, signedInFrom, signedInBefore } = narrowed
  const sinceMs = signedInFrom === undefined ? undefined : Date.parse(signedInFrom)
  const beforeMs = signedInBefore === undefined ? undefined : Date.parse(signedInBefore)
  return {
    words: soughtWords(q),
    role,
    state,
    group,
    // Somebody who never signed in did not do so before a moment either, unless this is asked for.
    sinceMs: sinceMs ?? (beforeMs === undefined || lastSignIn === 'never' ? undefined : 1),
    untilMs: lastSignIn === 'never' ? 1 : beforeMs,
  }
}

function writeCursor({ key, id }: PeoplePlace, order: PeopleOrder): string {
  return Buffer.from(JSON.stringify([order, key, id])).toString('base64url')
}

function readCursor(cursor: string, order: PeopleOrder): PeoplePlace {
  const [of, key, id] = parsed(cursor)
  const kind = order === 'name' || order === 'email' ? 'string' : 'number'
  if (of === order && typeof key === kind && typeof id === 'string') {
    return { key: key as string | number, id }
  }
  throw new TmmsError('bad-request', 'The cursor is not one of this list.', { field: 'cursor' })
}

function parsed(cursor: string): readonly unknown[] {
  try {
    const text = Buffer.from(cursor, 'base64url').toString()
    // PostgreSQL takes no text with the character NUL.
    const value: unknown = text.includes(String.raw`\u0000`) ? null : JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
