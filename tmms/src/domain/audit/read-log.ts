/** Reading the audit log: lists, one entry with its proof, consistency proofs, and the whole of it. */
import type { AuditEntry } from '../../contract/audit.ts'
import { TmmsError } from '../../errors.ts'
import type { AuditFilter } from '../../store/audit.ts'
import type { Rows } from '../../store/store.ts'
import type { Page } from '../paging.ts'
import { readLine } from './line.ts'
import { readNote } from './note.ts'
import { consistencyProof, inclusionProof } from './tree.ts'

/** Without an index to find by, this many entries are looked through for one page; the next page goes on. */
const LOOKED_THROUGH = 20_000
const LINES_AT_ONCE = 500

export interface AuditPageRequest {
  /** Number of the last entry that was looked at. */
  readonly cursor?: string | undefined
  readonly limit: number
}

/** Newest first. A page may hold fewer than asked for, even none, and still have a next one. */
export async function listEntries(
  rows: Rows,
  { cursor, limit }: AuditPageRequest,
  filter: AuditFilter,
): Promise<Page<AuditEntry>> {
  const before = placeOf(cursor) ?? (await rows.audit.size())
  const { text, sinceMs, untilMs } = filter
  const slow = text !== undefined || sinceMs !== undefined || untilMs !== undefined
  const from = slow ? Math.max(0, before - LOOKED_THROUGH) : 0
  const lines = await rows.audit.page({ before, from, limit: limit + 1 }, filter)
  const shown = lines.slice(0, limit).map(wholeEntry)
  if (lines.length > limit) return { rows: shown, next: String(shown.at(-1)?.n ?? 0) }
  return { rows: shown, next: from > 0 ? String(from) : null }
}

function placeOf(cursor: string | undefined): number | null {
  if (cursor === undefined) return null
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor)
  throw new TmmsError('bad-request', 'The cursor is not one of this server.', { field: 'cursor' })
}

function wholeEntry(line: string): AuditEntry {
  const entry = readLine(line)?.entry
  if (entry !== undefined) return entry
  throw new TmmsError('internal', 'The audit log holds a line that this server did not write.')
}

export interface ProvenLine {
  readonly line: string
  /** RFC 6962 section 2.1.1, base64, lowest first. */
  readonly proof: readonly string[]
  /** Newest checkpoint; the entry is in it, unless it is younger. */
  readonly checkpoint: string
}

/** @throws {TmmsError} `not-found` */
export async function provenLine(rows: Rows, n: number): Promise<ProvenLine> {
  const [line] = await rows.audit.lines(n, n + 1)
  if (line === undefined) throw new TmmsError('not-found', 'There is no such entry.')
  const { note, size } = await newestCheckpoint(rows)
  const proof = n < size ? await inclusionProof(rows.audit.node, n, size) : []
  return { line, proof: proof.map(base64), checkpoint: note }
}

/**
 * RFC 6962 section 2.1.2, base64. Nothing beyond the newest checkpoint is proved.
 * @throws {TmmsError} `bad-request` for sizes that were never signed together.
 */
export async function proveConsistency(
  rows: Rows,
  from: number,
  to: number,
): Promise<readonly string[]> {
  const { size } = await newestCheckpoint(rows)
  if (from > to || to > size) {
    const field = from > to ? 'from' : 'to'
    throw new TmmsError('bad-request', 'The audit log has no such sizes.', { field })
  }
  return (await consistencyProof(rows.audit.node, from, to)).map(base64)
}

/** @throws {TmmsError} `unavailable` while there is none. */
export async function newestCheckpoint(
  rows: Rows,
): Promise<{ note: string; size: number; root: string; timeMs: number }> {
  const newest = await rows.audit.checkpoint()
  const head = newest === undefined ? undefined : readNote(newest.note)
  if (newest === undefined || head === undefined) {
    throw new TmmsError('unavailable', 'The audit log has no checkpoint yet.')
  }
  const { note, size, timeMs } = newest
  return { note, size, timeMs, root: head.root.toString('base64') }
}

/** The lines that a checkpoint is about, and the checkpoint, as docs/protocol.md section 9 says; in pieces. */
export async function* exportLog(
  rows: Rows,
  { note, size }: { readonly note: string; readonly size: number },
): AsyncGenerator<string> {
  for (let from = 0; from < size; from += LINES_AT_ONCE) {
    const lines = await rows.audit.lines(from, Math.min(size, from + LINES_AT_ONCE))
    yield lines.map((line) => `${line}\n`).join('')
  }
  yield `${JSON.stringify({ checkpoint: note })}\n`
}

function base64(hash: Buffer): string {
  return hash.toString('base64')
}
