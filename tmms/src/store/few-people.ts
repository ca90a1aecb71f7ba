/** Which part of a filter leaves few people: these are then read whole, so that a list costs no more with more people. */
import { sql, type AliasedRawBuilder, type Expression, type Kysely } from 'kysely'
import type { AccountId, GroupId } from '../contract/ids.ts'
import { fits, type Builder, type PeopleFilter } from './people-filter.ts'
import type { Tables } from './tables.ts'
import { begins } from './words.ts'

/** What is read whole and sorted. */
const FEW_MAX = 600

export const counted = sql<number>`count(*)`.as('count')

/** The ids that one part of the filter leaves, at most so many of them. */
export type Few = (limit: number) => AliasedRawBuilder<{ id: AccountId }, 'few'>

/** The part of the filter that leaves the fewest, when these are few. */
export async function fewest(db: Kysely<Tables>, filter: PeopleFilter): Promise<Few | null> {
  let best: { readonly few: Few; readonly count: number } | null = null
  for (const few of parts(db, filter)) {
    const query = db.selectFrom(few(FEW_MAX + 1)).select(counted)
    const { count } = await query.executeTakeFirstOrThrow()
    if (count <= FEW_MAX && (best === null || count < best.count)) best = { few, count }
  }
  return best?.few ?? null
}

function parts(db: Kysely<Tables>, filter: PeopleFilter): readonly Few[] {
  const { words, role, state, group, sinceMs, untilMs } = filter
  const found: Few[] = words.map((word) => (limit) => named(withWord(db, word).limit(limit)))
  const columns = (part: Omit<PeopleFilter, 'words'>): Few => {
    const query = db.selectFrom('accounts').select('id')
    return (limit) => named(query.where((eb) => fits(eb, { words: [], ...part })).limit(limit))
  }
  if (role !== undefined || state !== undefined) found.push(columns({ role, state }))
  if (group !== undefined) found.push((limit) => named(ofGroup(db, group, limit)))
  if (sinceMs !== undefined || untilMs !== undefined) found.push(columns({ sinceMs, untilMs }))
  return found
}

function named(query: Expression<{ id: AccountId }>): AliasedRawBuilder<{ id: AccountId }, 'few'> {
  return sql<{ id: AccountId }>`(${query})`.as('few')
}

/** Each part ends early by itself: a group of everybody is not read whole. */
function ofGroup(db: Kysely<Tables>, group: GroupId, limit: number) {
  const byHand = db
    .selectFrom('groupMembers')
    .select('accountId as id')
    .where('groupId', '=', group)
    .limit(limit)
  const byDomain = db
    .selectFrom('groupDomains')
    .innerJoin('accounts', 'accounts.domain', 'groupDomains.domain')
    .select('accounts.id as id')
    .where('groupDomains.groupId', '=', group)
    .limit(limit)
  return db
    .selectFrom(byHand.as('byHand'))
    .select('byHand.id as id')
    .union(db.selectFrom(byDomain.as('byDomain')).select('byDomain.id as id'))
    .limit(limit)
}

function withWord(db: Kysely<Tables>, word: string) {
  const query = db.selectFrom('accountWords').select('accountId as id').distinct()
  return query.where(begins('accountWords.word', word))
}

/** CROSS JOIN: SQLite then begins with the few, and does not look each account up among them. */
export function fitting(db: Kysely<Tables>, few: Few, filter: PeopleFilter) {
  return db
    .selectFrom(few(FEW_MAX))
    .crossJoin('accounts')
    .whereRef('accounts.id', '=', 'few.id')
    .where((eb) => fits(eb as unknown as Builder, filter))
}
