/**
 * Lists of people in any order, narrowed by anything, at a cost that does not grow with their number: the database reads
 * at most so many accounts for one page. What narrows the list to so few is read whole and sorted; else the list is
 * walked in its order, and a page may end early, at a place from which the next one goes on.
 */
import { sql, type Kysely } from 'kysely'
import type { AccountId } from '../contract/ids.ts'
import type { AccountRecord } from './accounts.ts'
import { counted, fewest, fitting, type Few } from './few-people.ts'
import { fits, type Builder, type PeopleFilter } from './people-filter.ts'
import type { Tables } from './tables.ts'

/** How many accounts are walked past for one page, shared by the words each is looked up for. The first walk fills most. */
const WALKS = [200, 400] as const

export type PeopleOrder = 'name' | 'email' | 'created' | 'lastSignIn'

export interface PeoplePlace {
  readonly key: string | number
  readonly id: string
}

interface PeopleRange {
  readonly order: PeopleOrder
  readonly descending: boolean
  readonly after: PeoplePlace | null
  readonly limit: number
}

interface PeoplePage {
  /** At most `limit`. */
  readonly rows: readonly AccountRecord[]
  /** From where it goes on; null at the end of the list. */
  readonly next: PeoplePlace | null
}

export interface PeopleStore {
  page(range: PeopleRange, filter: PeopleFilter): Promise<PeoplePage>
  /** Null when counting would read too much. */
  count(filter: PeopleFilter): Promise<number | null>
}

const COLUMNS = {
  name: 'nameKey',
  email: 'email',
  created: 'createdAt',
  lastSignIn: 'lastSignInAt',
} as const satisfies Record<PeopleOrder, keyof AccountRecord>

export function peopleStore(db: Kysely<Tables>): PeopleStore {
  return {
    page: async (range, filter) => {
      const few = await fewest(db, filter)
      return few === null ? walk(db, range, filter) : sorted(db, few, { range, filter })
    },
    count: async (filter) => {
      const few = await fewest(db, filter)
      if (few !== null) {
        return (await fitting(db, few, filter).select(counted).executeTakeFirstOrThrow()).count
      }
      const { words, group, sinceMs, untilMs } = filter
      if (words.length > 0 || group !== undefined || sinceMs !== undefined || untilMs !== undefined)
        return null
      const all = db.selectFrom('accounts').where((eb) => fits(eb, filter))
      return (await all.select(counted).executeTakeFirstOrThrow()).count
    },
  }
}

async function sorted(
  db: Kysely<Tables>,
  few: Few,
  { range, filter }: { readonly range: PeopleRange; readonly filter: PeopleFilter },
): Promise<PeoplePage> {
  const direction = range.descending ? 'desc' : 'asc'
  const rows = await fitting(db, few, filter)
    .where((eb) => (range.after === null ? eb.and([]) : beyond(eb as unknown as Builder, range)))
    .selectAll('accounts')
    .orderBy(`accounts.${COLUMNS[range.order]}`, direction)
    .orderBy('accounts.id', direction)
    .limit(range.limit + 1)
    .execute()
  return pageOf(rows, range)
}

async function walk(
  db: Kysely<Tables>,
  range: PeopleRange,
  filter: PeopleFilter,
): Promise<PeoplePage> {
  const found: AccountRecord[] = []
  let { after } = range
  for (const length of WALKS) {
    const read = Math.ceil(length / Math.max(1, filter.words.length))
    const step = { ...range, after, limit: range.limit - found.length }
    const end = await endOfWalk(db, step, read)
    const rows = await inOrder(db, step)
      .where((eb) => (end === null ? eb.and([]) : eb.not(beyond(eb, { ...range, after: end }))))
      .where((eb) => fits(eb, filter))
      .selectAll()
      .limit(step.limit + 1)
      .execute()
    found.push(...rows)
    if (found.length > range.limit) return pageOf(found, range)
    if (end === null) return { rows: found, next: null }
    after = end
  }
  return { rows: found, next: after }
}

/** The place of the last account that a walk of this length meets; null when it meets fewer. */
async function endOfWalk(
  db: Kysely<Tables>,
  range: PeopleRange,
  length: number,
): Promise<PeoplePlace | null> {
  const back = range.descending ? 'asc' : 'desc'
  const walked = inOrder(db, range).select([`${COLUMNS[range.order]} as key`, 'id'])
  const last = await db
    .selectFrom(walked.limit(length).as('walked'))
    .select(['key', 'id', sql<number>`count(*) over ()`.as('count')])
    .orderBy('key', back)
    .orderBy('id', back)
    .limit(1)
    .executeTakeFirst()
  return last === undefined || last.count < length ? null : { key: last.key, id: last.id }
}

function inOrder(db: Kysely<Tables>, range: PeopleRange) {
  const direction = range.descending ? 'desc' : 'asc'
  return db
    .selectFrom('accounts')
    .where((eb) => (range.after === null ? eb.and([]) : beyond(eb, range)))
    .orderBy(COLUMNS[range.order], direction)
    .orderBy('id', direction)
}

function pageOf(rows: readonly AccountRecord[], { limit, order }: PeopleRange): PeoplePage {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  if (rows.length <= limit || last === undefined) return { rows: shown, next: null }
  return { rows: shown, next: { key: last[COLUMNS[order]], id: last.id } }
}

/** Behind a place in this order. Compared as pairs, which an index of both finds. */
function beyond(eb: Builder, { order, descending, after }: PeopleRange) {
  const column = `accounts.${COLUMNS[order]}` as const
  return eb(
    eb.refTuple(column, 'accounts.id'),
    descending ? '<' : '>',
    eb.tuple(after?.key ?? '', (after?.id ?? '') as AccountId),
  )
}
