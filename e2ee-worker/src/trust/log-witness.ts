/**
 * This browser as a witness of the TMMS's audit log: it keeps the newest checkpoint it saw, and asks the server to prove
 * that the log has only grown since (docs/protocol.md, section 9).
 */
import type { LogVerdict } from '../witness-protocol.ts'
import { codeOf } from '../errors.ts'
import type { Bytes } from '../wire.ts'
import { logName, openCheckpoint, readCheckpoint, readHashes } from './checkpoint.ts'
import { isConsistent, type TreeSize } from './consistency.ts'
import { verifyKeySet } from './key-set.ts'
import type { Store } from './store.ts'

/** What the server answers. Each rejects when there is no answer at all, and is null when the server refused one. */
export interface LogSource {
  keySet(): Promise<string | null>
  checkpoint(): Promise<string | null>
  consistency(from: number, to: number): Promise<readonly unknown[] | null>
}

export interface WitnessRequest {
  readonly origin: string
  /** Milliseconds since the epoch. */
  readonly nowMs: number
  /** The person has decided to go on from what the server shows now. */
  readonly accept: boolean
}

/** Whether the log is the one that this browser saw before. What contradicts it is never kept. */
export async function witnessLog(
  source: LogSource,
  store: Store,
  request: WitnessRequest,
): Promise<LogVerdict> {
  const { origin, accept } = request
  const name = logName(origin)
  // Before anything is asked: whatever another tab sees meanwhile, the answer cannot be older than this.
  const note = await store.seenLog(origin)
  const seen = note === undefined ? undefined : readCheckpoint(note, name)
  const checkpoint = await source.checkpoint()
  const keySet = await source.keySet()
  if (checkpoint === null || keySet === null) return 'unproved'
  const keys = await auditKeysOf(keySet, store, request)
  const head = keys && (await openCheckpoint(checkpoint, keys, name))
  if (head === undefined) return 'uncertified'
  const verdict = accept || seen === undefined ? 'sound' : await compare(seen, head, source)
  if (verdict === 'sound') {
    const larger = (kept: string | undefined) =>
      !accept && kept !== undefined && (readCheckpoint(kept, name)?.size ?? 0) >= head.size
    await store.keepSeenLog(origin, (kept) => (larger(kept) ? kept : checkpoint))
  }
  return verdict
}

/** Undefined when the set is not that of the pinned root. A root that was never pinned is not pinned here. */
async function auditKeysOf(
  keySet: string,
  store: Store,
  { origin, nowMs }: WitnessRequest,
): Promise<readonly Bytes[] | undefined> {
  try {
    const known = (await store.pin(origin)) !== undefined
    const keeping = known ? store : { ...store, keepPin: () => Promise.resolve() }
    return (await verifyKeySet({ origin, keySet, pin: null, nowMs }, keeping)).auditKeys
  } catch (error) {
    if (codeOf(error) === 'E_INTERNAL') throw error
    return undefined
  }
}

async function compare(seen: TreeSize, head: TreeSize, source: LogSource): Promise<LogVerdict> {
  if (head.size < seen.size) return 'rollback'
  const asked = head.size === seen.size ? [] : await source.consistency(seen.size, head.size)
  if (asked === null) return 'unproved'
  const proof = readHashes(asked)
  return proof !== undefined && (await isConsistent(seen, head, proof)) ? 'sound' : 'fork'
}
