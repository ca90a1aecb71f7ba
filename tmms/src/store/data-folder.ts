/** The data folder belongs to one process at a time, and must be writable before anything relies on it. */
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { TmmsError } from '../errors.ts'
import { holdDatabase } from './sqlite.ts'

/**
 * Makes the folder when it is missing and keeps every other process out of it until the returned function is called.
 * The lock is a database of its own, so the system ends it when this process dies, too (O3 of docs/abuse-cases.md).
 * @throws {TmmsError} `unavailable` when another process has the folder, or it cannot be written.
 */
export function holdDataFolder(dataDir: string): () => void {
  const lock = join(dataDir, 'huisclos.lock')
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    refuseStranger(dataDir)
    const release = holdDatabase(lock)
    chmodSync(lock, 0o600)
    return release
  } catch (error) {
    if (error instanceof TmmsError) throw error
    throw new TmmsError('unavailable', sentence(dataDir, error), { cause: error })
  }
}

export function databaseOf(dataDir: string): string {
  return join(dataDir, 'huisclos.db')
}

/**
 * What to say when there is no table in the database: with keys beside it, one is lost. Undefined in a new data folder.
 * @throws {TmmsError} the same, when the file is missing or of no length, so that none is made in its place
 */
export function lostDatabase(dataDir: string): TmmsError | undefined {
  const keys = join(dataDir, 'keys')
  if (!['pepper', 'fake-salt', 'root.pem'].some((name) => existsSync(join(keys, name))))
    return undefined
  const path = databaseOf(dataDir)
  const state = existsSync(path) ? 'is empty' : 'is missing'
  const error = new TmmsError(
    'unavailable',
    `${path} ${state}, and ${keys} holds the keys of a server that had one: restore it from a backup of the data folder, or, to begin anew without its accounts, move ${keys} away.`,
  )
  if (!existsSync(path) || statSync(path).size === 0) throw error
  return error
}

/** Files that root makes could not be read by the user who runs Huisclos otherwise. */
function refuseStranger(dataDir: string): void {
  const uid = process.getuid?.()
  const keys = join(dataDir, 'keys')
  if (uid === undefined || !existsSync(keys) || statSync(keys).uid === uid) return
  throw new TmmsError('not-allowed', `Run this as the user to whom ${keys} belongs.`)
}

function sentence(dataDir: string, error: unknown): string {
  const { code } = error as { code?: string }
  const why = code === undefined ? '' : ` (${code})`
  return `The data folder ${dataDir} cannot be written${why}: give this user the right to, or set HC_DATA_DIR to another folder.`
}
