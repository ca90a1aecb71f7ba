/** Checkpoints of the audit log: what was signed can no more be changed without a trace. */
import type { KeyObject } from 'node:crypto'
import { TmmsError } from '../../errors.ts'
import type { CheckpointRecord } from '../../store/audit.ts'
import type { Rows, Store } from '../../store/store.ts'
import { openNote, rawPublicKey, signNote } from './note.ts'
import { rootOf } from './tree.ts'

/** The log as its readers know it. */
export interface AuditLog {
  /** `host[:port]/audit` */
  readonly origin: string
  /** Ed25519. */
  readonly key: KeyObject
}

interface Surroundings {
  readonly store: Store
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Signs what the log is now, if it has grown since the newest checkpoint, and answers the newest one.
 * @throws {TmmsError} `internal` when the log contradicts the newest checkpoint: nobody shall sign both.
 */
export async function signCheckpoint(
  { store, now }: Surroundings,
  log: AuditLog,
): Promise<CheckpointRecord> {
  return store.atomically(async (rows) => {
    const size = await rows.audit.size()
    const newest = await rows.audit.checkpoint()
    if (newest !== undefined) await refuseContradiction(rows, newest, { log, size })
    if (newest?.size === size) return newest
    const root = await rootOf(rows.audit.node, size)
    const note = signNote({ origin: log.origin, size, root }, log.key)
    const checkpoint = { size, timeMs: now(), note }
    await rows.audit.addCheckpoint(checkpoint)
    return checkpoint
  })
}

async function refuseContradiction(
  rows: Rows,
  newest: CheckpointRecord,
  now: { readonly log: AuditLog; readonly size: number },
): Promise<void> {
  const head = openNote(newest.note, rawPublicKey(now.log.key))
  const same =
    head !== undefined &&
    head.size <= now.size &&
    (await rootOf(rows.audit.node, head.size)).equals(head.root)
  if (!same) throw new TmmsError('internal', 'The audit log is not what its checkpoint says.')
}
