/** The queue of mails. What a row may become is decided here, so that no two writers end one mail twice. */
import type { Kysely, Selectable } from 'kysely'
import type { MailState } from '../contract/mail.ts'
import type { Place } from '../domain/paging.ts'
import { mailSubjectStore, type MailSubjectStore } from './mail-subjects.ts'
import type { MailTable, Tables } from './tables.ts'

export type MailRecord = Selectable<MailTable>

export interface MailStore extends MailSubjectStore {
  add(mail: MailRecord): Promise<void>
  byId(id: string): Promise<MailRecord | undefined>
  /** Waiting ones whose time has come, the longest due first. */
  due(nowMs: number, limit: number): Promise<readonly MailRecord[]>
  /** Waiting ones that have waited too long. */
  overdue(nowMs: number, limit: number): Promise<readonly MailRecord[]>
  /** Takes them as under way; answers which of them still wait. */
  take(ids: readonly string[]): Promise<ReadonlySet<string>>
  /** When the next waiting one is due or given up; null when none waits. */
  nextAt(): Promise<number | null>
  /** False when it was not in state `from` any more. */
  change(id: string, from: MailState, change: Partial<Omit<MailRecord, 'id'>>): Promise<boolean>
  /** Makes everything that waits due. */
  hurry(nowMs: number): Promise<void>
  /** Newest first, behind `after`. */
  page(state: MailState, after: Place | null, limit: number): Promise<readonly MailRecord[]>
  counts(): Promise<Readonly<Record<MailState, number>>>
  /** Empties those given up that nobody can send any more. */
  empty(givenUpBeforeMs: number): Promise<void>
  /** Whether any content is kept, sealed. */
  holdsContent(): Promise<boolean>
}

export function mailStore(db: Kysely<Tables>): MailStore {
  return { ...waiting(db), ...listed(db), ...ended(db), ...mailSubjectStore(db) }
}

type Waiting = Pick<
  MailStore,
  'add' | 'byId' | 'due' | 'overdue' | 'take' | 'nextAt' | 'change' | 'hurry'
>
type Listed = Pick<MailStore, 'page' | 'counts'>
type Ended = Pick<MailStore, 'empty' | 'holdsContent'>

function waiting(db: Kysely<Tables>): Waiting {
  const allWaiting = () => db.selectFrom('mails').where('state', '=', 'waiting')
  return {
    add: async (mail) => {
      await db.insertInto('mails').values(mail).execute()
    },
    byId: (id) => db.selectFrom('mails').selectAll().where('id', '=', id).executeTakeFirst(),
    due: (nowMs, limit) => {
      const due = allWaiting().selectAll().where('nextTryAt', '<=', nowMs)
      return due.orderBy('nextTryAt').orderBy('id').limit(limit).execute()
    },
    overdue: (nowMs, limit) =>
      allWaiting().selectAll().where('giveUpAt', '<=', nowMs).limit(limit).execute(),
    take: async (ids) => {
      if (ids.length === 0) return new Set()
      const taken = await db
        .updateTable('mails')
        .set({ reached: 1 })
        .where('id', 'in', ids)
        .where('state', '=', 'waiting')
        .returning('id')
        .execute()
      return new Set(taken.map(({ id }) => id))
    },
    nextAt: async () => {
      const row = await allWaiting()
        .select(({ fn }) => [fn.min('nextTryAt').as('tryAt'), fn.min('giveUpAt').as('giveUpAt')])
        .executeTakeFirst()
      // An aggregate of no rows is null, which Kysely's types leave out.
      const times = [row?.tryAt, row?.giveUpAt] as (number | null | undefined)[]
      const known = times.filter((time) => typeof time === 'number')
      return known.length === 0 ? null : Math.min(...known)
    },
    change: async (id, from, change) => {
      const { numUpdatedRows } = await db
        .updateTable('mails')
        .set(change)
        .where('id', '=', id)
        .where('state', '=', from)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    hurry: async (nowMs) => {
      await db
        .updateTable('mails')
        .set({ nextTryAt: nowMs })
        .where('state', '=', 'waiting')
        .where('nextTryAt', '>', nowMs)
        .execute()
    },
  }
}

function listed(db: Kysely<Tables>): Listed {
  return {
    page: (state, after, limit) => {
      const query = db.selectFrom('mails').selectAll().where('state', '=', state)
      const behind =
        after === null
          ? query
          : query.where((eb) =>
              eb.or([
                eb('createdAt', '<', after.atMs),
                eb.and([eb('createdAt', '=', after.atMs), eb('id', '>', after.id)]),
              ]),
            )
      return behind.orderBy('createdAt', 'desc').orderBy('id').limit(limit).execute()
    },
    counts: async () => {
      const rows = await db
        .selectFrom('mails')
        .select(({ fn }) => ['state', fn.countAll().as('count')])
        .groupBy('state')
        .execute()
      const counts = { waiting: 0, sent: 0, 'given-up': 0, withdrawn: 0 }
      for (const { state, count } of rows) counts[state] = Number(count)
      return counts
    },
  }
}

function ended(db: Kysely<Tables>): Ended {
  return {
    empty: async (givenUpBeforeMs) => {
      await db
        .updateTable('mails')
        .set({ content: '' })
        .where('state', '=', 'given-up')
        .where('createdAt', '<', givenUpBeforeMs)
        .where('content', '!=', '')
        .execute()
    },
    holdsContent: async () => {
      const query = db.selectFrom('mails').select('id').where('content', '!=', '').limit(1)
      return (await query.executeTakeFirst()) !== undefined
    },
  }
}
