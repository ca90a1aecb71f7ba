/** The audit log and the tree over it: lines are added and read, never changed or taken away. */
import { sql, type Kysely, type SqlBool } from 'kysely'
import type { AuditAction, AuditActor, AuditDetails, AuditObject } from '../contract/audit.ts'
import { writeLine } from '../domain/audit/line.ts'
import { grown, leafHash, type NodeReader } from '../domain/audit/tree.ts'
import { plainText } from '../domain/plain-text.ts'
import { TmmsError } from '../errors.ts'
import type { Tables } from './tables.ts'

export interface NewAuditEntry {
  /** Milliseconds since the epoch. */
  readonly timeMs: number
  readonly actor: AuditActor
  readonly action: AuditAction
  readonly object: AuditObject
  readonly from: string
  readonly details: AuditDetails
}

/** What an entry must be like; all of it. */
export interface AuditFilter {
  readonly action?: AuditAction | undefined
  /** One of these. */
  readonly actions?: readonly AuditAction[] | undefined
  readonly actorId?: string | undefined
  readonly objectId?: string | undefined
  /** Milliseconds since the epoch: from `sinceMs` on, before `untilMs`. */
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
  /** Somewhere in its names, addresses and details, whatever the case and accents. */
  readonly text?: string | undefined
}

export interface AuditRange {
  /** Before this number; all when null. */
  readonly before: number | null
  /** Not before this number. */
  readonly from: number
  readonly limit: number
}

export interface CheckpointRecord {
  readonly size: number
  readonly timeMs: number
  readonly note: string
}

export interface AuditStore {
  /** Call inside a transaction: two writers at once would take one number. */
  append(entry: NewAuditEntry): Promise<void>
  /** How many lines there are. */
  size(): Promise<number>
  /** Lines, newest first. */
  page(range: AuditRange, filter?: AuditFilter): Promise<readonly string[]>
  /** Lines from number `from` on, oldest first, before number `to`. */
  lines(from: number, to: number): Promise<readonly string[]>
  /** Reads the tree. */
  readonly node: NodeReader
  checkpoint(): Promise<CheckpointRecord | undefined>
  addCheckpoint(checkpoint: CheckpointRecord): Promise<void>
}

export function auditStore(db: Kysely<Tables>): AuditStore {
  const node = nodeReader(db)
  const size = async () => {
    const query = db.selectFrom('auditEntries').select('n').orderBy('n', 'desc').limit(1)
    const last = await query.executeTakeFirst()
    return last === undefined ? 0 : last.n + 1
  }
  return {
    node,
    size,
    append: async (entry) => append(db, await size(), entry),
    page: (range, filter = {}) => page(db, range, filter),
    lines: async (from, to) => {
      const query = db.selectFrom('auditEntries').select('line').orderBy('n')
      const rows = await query.where('n', '>=', from).where('n', '<', to).execute()
      return rows.map(({ line }) => line)
    },
    checkpoint: () => {
      const query = db.selectFrom('auditCheckpoints').selectAll().orderBy('size', 'desc').limit(1)
      return query.executeTakeFirst()
    },
    addCheckpoint: async (checkpoint) => {
      await db.insertInto('auditCheckpoints').values(checkpoint).execute()
    },
  }
}

async function append(db: Kysely<Tables>, n: number, entry: NewAuditEntry): Promise<void> {
  const node = nodeReader(db)
  const { timeMs, actor, action, object, from, details } = entry
  const time = new Date(timeMs).toISOString()
  const prev = n === 0 ? '' : (await node(0, n - 1)).toString('base64')
  const line = writeLine({ n, time, actor, action, object, from, details }, prev)
  const found = { actorId: actor.id, action, objectId: object.id, search: searchText(entry) }
  await db
    .insertInto('auditEntries')
    .values({ n, timeMs, ...found, line })
    .execute()
  const nodes = await grown(node, n, leafHash(line))
  const rows = nodes.map(({ level, index, hash }) => ({
    level,
    position: index,
    hash: hash.toString('base64'),
  }))
  await db.insertInto('auditNodes').values(rows).execute()
}

function nodeReader(db: Kysely<Tables>): NodeReader {
  return async (level, index) => {
    const query = db.selectFrom('auditNodes').select('hash').where('level', '=', level)
    const row = await query.where('position', '=', index).executeTakeFirst()
    if (row !== undefined) return Buffer.from(row.hash, 'base64')
    throw new TmmsError('internal', 'The tree of the audit log is not whole.')
  }
}

async function page(
  db: Kysely<Tables>,
  { before, from, limit }: AuditRange,
  filter: AuditFilter,
): Promise<readonly string[]> {
  const { action, actions, actorId, objectId, sinceMs, untilMs, text } = filter
  let query = db.selectFrom('auditEntries').select('line').where('n', '>=', from)
  if (before !== null) query = query.where('n', '<', before)
  if (action !== undefined) query = query.where('action', '=', action)
  if (actions !== undefined) query = query.where('action', 'in', actions)
  if (actorId !== undefined) query = query.where('actorId', '=', actorId)
  if (objectId !== undefined) query = query.where('objectId', '=', objectId)
  if (sinceMs !== undefined) query = query.where('timeMs', '>=', sinceMs)
  if (untilMs !== undefined) query = query.where('timeMs', '<', untilMs)
  if (text !== undefined) query = query.where(holds(text))
  const rows = await query.orderBy('n', 'desc').limit(limit).execute()
  return rows.map(({ line }) => line)
}

/** What LIKE takes for signs of its own is sought as it is written. */
function holds(text: string) {
  const pattern = `%${plainText(text).replaceAll(/[%_!]/g, '!$&')}%`
  return sql<SqlBool>`${sql.ref('search')} like ${pattern} escape '!'`
}

function searchText({ actor, object, from, details }: NewAuditEntry): string {
  const values = Object.values(details).flat()
  const parts = [actor.name, object.name, from, ...values.map(String)]
  // PostgreSQL keeps no text with this character.
  return plainText(parts.join('\n')).replaceAll('\0', '')
}
