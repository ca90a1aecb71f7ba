/** The tables of the audit log. */
import type { AuditAction } from '../contract/audit.ts'

export interface AuditEntryTable {
  /** From 0, without a gap. */
  readonly n: number
  readonly timeMs: number
  readonly actorId: string
  readonly action: AuditAction
  readonly objectId: string
  /** What text is searched in: small letters without accents. */
  readonly search: string
  /** What is hashed, whole; the other columns only find it. */
  readonly line: string
}

export interface AuditNodeTable {
  /** The subtree has 2^level leaves. */
  readonly level: number
  readonly position: number
  /** Base64. */
  readonly hash: string
}

export interface AuditCheckpointTable {
  readonly size: number
  readonly timeMs: number
  readonly note: string
}
