/** Tells a disk or database that cannot store anything from a fault of ours (O5 of docs/abuse-cases.md). */
import { TmmsError } from '../errors.ts'

// Primary result codes, the low byte of an extended one: https://sqlite.org/rescode.html
const SQLITE_CODES: readonly number[] = [
  5 /* BUSY */, 6 /* LOCKED */, 8 /* READONLY */, 10 /* IOERR */, 13 /* FULL */, 14 /* CANTOPEN */,
]
const SYSTEM_CODES: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE']

/** @returns {unknown} what to throw: `unavailable` when the storage is at fault, the same error otherwise. */
function storageFailure(error: unknown): unknown {
  const { errcode, code } = Object(error) as { errcode?: unknown; code?: unknown }
  const sqlite = typeof errcode === 'number' && SQLITE_CODES.includes(errcode & 0xff)
  if (!sqlite && !SYSTEM_CODES.includes(code)) return error
  return cannotStore(error)
}

export function cannotStore(cause?: unknown): TmmsError {
  const sentence = 'The server cannot store anything now; nothing was changed.'
  return new TmmsError('unavailable', sentence, { cause })
}

/** Runs work on the storage. @throws {TmmsError} `unavailable` when the storage is at fault. */
export function onStorage<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storageFailure(error)
  }
}
