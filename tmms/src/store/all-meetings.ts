/**
 * Every meeting, for administrators, by its start, at a cost that does not grow with their number: what narrows the list
 * to few is read whole; else the list is walked in its order, and a page may end early, at a place from which the next
 * one goes on.
 */
import { sql, type ExpressionBuilder, type Kysely } from 'kysely'
import type { AccountId, MeetingId } from '../contract/ids.ts'
import type { MeetingState } from '../domain/meetings/meeting-time.ts'
import type { Place } from '../domain/paging.ts'
import { hasState } from './meeting-state.ts'
import { described, type MeetingRecord } from './meetings.ts'
import type { Tables } from './tables.ts'
import { begins, nameHas } from './words.ts'

/** What is read whole. */
const FEW_MAX = 600
/** How many meetings are walked past for one page, shared by the words that each is looked up for. */
const WALK = 600

export interface MeetingFilter {
  /** Each begins a word of the title, or of the organiser's name or address. */
  readonly words: readonly string[]
  readonly state?: MeetingState | undefined
  /** When it has that state. */
  readonly nowMs: number
  readonly organiserId?: AccountId | undefined
  /** Start, milliseconds: from `fromMs` on, before `untilMs`. */
  readonly fromMs?: number | undefined
  readonly untilMs?: number | undefined
}

interface MeetingRange {
  /** The latest first. */
  readonly descending: boolean
  readonly after: Place | null
  readonly limit: number
}

export interface AllMeetingsStore {
  byId(id: MeetingId): Promise<MeetingRecord | undefined>
  /** At most `limit`; `next` is from where it goes on, null at the end of the list. */
  page(
    range: MeetingRange,
    filter: MeetingFilter,
  ): Promise<{ readonly rows: readonly MeetingRecord[]; readonly next: Place | null }>
  /** How many are invited to each. */
  invitations(ids: readonly MeetingId[]): Promise<ReadonlyMap<MeetingId, number>>
  /** For everybody. False when it was ended or cancelled already. */
  end(id: MeetingId, endedAt: number): Promise<boolean>
}

export function allMeetingsStore(db: Kysely<Tables>): AllMeetingsStore {
  return {
    byId: (id) => described(db).where('meetings.id', '=', id).executeTakeFirst(),
    page: async (range, filter) => {
      for (const part of parts(db, filter)) {
        const ids = await part(FEW_MAX + 1)
        if (ids.length > FEW_MAX) continue
        if (ids.length === 0) return { rows: [], next: null }
        const few = ordered(db, range, filter).where('meetings.id', 'in', ids)
        return pageOf(await few.limit(range.limit + 1).execute(), range, null)
      }
      return walk(db, range, filter)
    },
    invitations: async (ids) => {
      if (ids.length === 0) return new Map()
      const rows = await db
        .selectFrom('invites')
        .select(['meetingId', sql<number>`count(*)`.as('count')])
        .where('meetingId', 'in', ids)
        .where('excludedAt', 'is', null)
        .groupBy('meetingId')
        .execute()
      return new Map(rows.map(({ meetingId, count }) => [meetingId, count]))
    },
    end: async (id, endedAt) => {
      const { numUpdatedRows } = await db
        .updateTable('meetings')
        .set({ endedAt })
        .where('id', '=', id)
        .where('endedAt', 'is', null)
        .where('cancelledAt', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
  }
}

/** The ids that one part of the filter leaves, at most so many of them. */
type Part = (limit: number) => Promise<readonly MeetingId[]>

function parts(
  db: Kysely<Tables>,
  { words, state, organiserId, nowMs }: MeetingFilter,
): readonly Part[] {
  const meetings = () => db.selectFrom('meetings').select('meetings.id')
  const part =
    (query: { limit(limit: number): { execute(): Promise<{ id: MeetingId }[]> } }): Part =>
    async (limit) =>
      (await query.limit(limit).execute()).map(({ id }) => id)
  const named = words.map((word) =>
    part(
      db
        .selectFrom('meetingWords')
        .select('meetingId as id')
        .where(begins('meetingWords.word', word))
        .unionAll(meetings().where('organiserId', 'in', withWord(db, word))),
    ),
  )
  const organised = (id: AccountId) => part(meetings().where('organiserId', '=', id))
  const cancelled = () => part(meetings().where('cancelledAt', 'is not', null))
  const open = () => part(meetings().where((eb) => hasState(eb, 'open', nowMs)))
  return [
    ...(organiserId === undefined ? [] : [organised(organiserId)]),
    ...(state === 'cancelled' ? [cancelled()] : []),
    ...(state === 'open' ? [open()] : []),
    ...named,
  ]
}

function withWord(db: Kysely<Tables>, word: string) {
  const query = db.selectFrom('accountWords').select('accountWords.accountId')
  return query.where(begins('accountWords.word', word))
}

async function walk(db: Kysely<Tables>, range: MeetingRange, filter: MeetingFilter) {
  const length = Math.ceil(WALK / Math.max(1, filter.words.length))
  const direction = range.descending ? 'desc' : 'asc'
  const walked = await db
    .selectFrom('meetings')
    .select(['startsAt', 'id'])
    .where((eb) => inRange(eb, range, filter))
    .orderBy('startsAt', direction)
    .orderBy('id', direction)
    .limit(length)
    .execute()
  const last = walked.at(-1)
  const end = last === undefined || walked.length < length ? null : placeOf(last)
  const rows = await ordered(db, range, filter)
    .where((eb) => (end === null ? eb.and([]) : eb.not(beyond(eb, range.descending, end))))
    .limit(range.limit + 1)
    .execute()
  return pageOf(rows, range, end)
}

function ordered(db: Kysely<Tables>, range: MeetingRange, filter: MeetingFilter) {
  const direction = range.descending ? 'desc' : 'asc'
  return described(db)
    .where((eb) => inRange(eb as unknown as Builder, range, filter))
    .where((eb) => fits(eb as unknown as Builder, filter))
    .orderBy('meetings.startsAt', direction)
    .orderBy('meetings.id', direction)
}

function pageOf(rows: readonly MeetingRecord[], { limit }: MeetingRange, end: Place | null) {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  if (rows.length > limit && last !== undefined) return { rows: shown, next: placeOf(last) }
  return { rows: shown, next: end }
}

function placeOf({ startsAt, id }: Pick<MeetingRecord, 'startsAt' | 'id'>): Place {
  return { atMs: startsAt, id }
}

type Builder = ExpressionBuilder<Tables, 'meetings'>

/** What an index finds. */
function inRange(eb: Builder, range: MeetingRange, filter: MeetingFilter) {
  const { organiserId, fromMs, untilMs } = filter
  return eb.and([
    ...(range.after === null ? [] : [beyond(eb, range.descending, range.after)]),
    ...(organiserId === undefined ? [] : [eb('meetings.organiserId', '=', organiserId)]),
    ...(fromMs === undefined ? [] : [eb('meetings.startsAt', '>=', fromMs)]),
    ...(untilMs === undefined ? [] : [eb('meetings.startsAt', '<', untilMs)]),
  ])
}

function fits(eb: Builder, { words, state, nowMs }: MeetingFilter) {
  return eb.and([
    ...(state === undefined ? [] : [hasState(eb, state, nowMs)]),
    ...words.map((word) =>
      eb.or([eb.exists(inTitle(eb, word)), eb.exists(nameHas('meetings.organiserId', word))]),
    ),
  ])
}

function inTitle(eb: Builder, word: string) {
  return eb
    .selectFrom('meetingWords')
    .select('meetingWords.meetingId')
    .whereRef('meetingWords.meetingId', '=', 'meetings.id')
    .where(begins('meetingWords.word', word))
}

function beyond(eb: Builder | ExpressionBuilder<Tables, never>, descending: boolean, place: Place) {
  const builder = eb as Builder
  return builder(
    builder.refTuple('meetings.startsAt', 'meetings.id'),
    descending ? '<' : '>',
    builder.tuple(place.atMs, place.id as MeetingId),
  )
}
