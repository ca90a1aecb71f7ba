/** The audit log: entries are added and read, never changed or taken away. */
import type { Kysely } from 'kysely'
import type {
  AuditAction,
  AuditActor,
  AuditDetails,
  AuditEntry,
  AuditObject,
} from '../contract/audit.ts'
import type { AuditEntryTable, Tables } from './tables.ts'

export interface NewAuditEntry {
  /** Milliseconds since the epoch. */
  readonly timeMs: number
  readonly actor: AuditActor
  readonly action: AuditAction
  readonly object: AuditObject
  readonly from: string
  readonly details: AuditDetails
}

export interface AuditStore {
  /** Call inside a transaction: two writers at once would take one number. */
  append(entry: NewAuditEntry): Promise<void>
  /** Newest first, those before number `before`, or all when null. */
  page(before: number | null, limit: number): Promise<readonly AuditEntry[]>
}

export function auditStore(db: Kysely<Tables>): AuditStore {
  return {
    append: async (entry) => {
      const last = await db
        .selectFrom('auditEntries')
        .select('n')
        .orderBy('n', 'desc')
        .limit(1)
        .executeTakeFirst()
      const n = last === undefined ? 0 : last.n + 1
      await db.insertInto('auditEntries').values(rowOf(n, entry)).execute()
    },
    page: async (before, limit) => {
      const query = db.selectFrom('auditEntries').selectAll()
      const rows = await (before === null ? query : query.where('n', '<', before))
        .orderBy('n', 'desc')
        .limit(limit)
        .execute()
      return rows.map(entryOf)
    },
  }
}

function rowOf(n: number, entry: NewAuditEntry): AuditEntryTable {
  return {
    n,
    timeMs: entry.timeMs,
    actorKind: entry.actor.kind,
    actorId: entry.actor.id,
    actorName: entry.actor.name,
    action: entry.action,
    objectKind: entry.object.kind,
    objectId: entry.object.id,
    objectName: entry.object.name,
    fromAddress: entry.from,
    details: JSON.stringify(entry.details),
  }
}

function entryOf(row: AuditEntryTable): AuditEntry {
  return {
    n: row.n,
    time: new Date(row.timeMs).toISOString(),
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    action: row.action,
    object: { kind: row.objectKind, id: row.objectId, name: row.objectName },
    from: row.fromAddress,
    details: JSON.parse(row.details) as AuditDetails,
  }
}
