/** Replaces the root key of a TMMS that is stopped. Links made before keep working: the former root signs the change. */
import { generateKeyPairSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { calculateJwkThumbprint } from 'jose'
import { publicJwk } from './domain/keys/public-jwk.ts'
import { signRootChange } from './domain/keys/root-change.ts'
import { TmmsError } from './errors.ts'
import { readIssuer } from './store/key-files.ts'
import { holdDataFolder } from './store/data-folder.ts'
import { changeRoot, readRoot } from './store/root-files.ts'
import { pemOf } from './store/token-files.ts'

export interface Rotation {
  readonly issuer: string
  /** RFC 7638 thumbprints: the pin in links made before, and in those made from now on. */
  readonly former: string
  readonly current: string
}

/**
 * @throws {TmmsError} `unavailable` when the folder is in use, or holds no TMMS that was ever started;
 * `not-allowed` when it belongs to another user.
 */
export async function rotateRoot(dataDir: string, nowMs: number): Promise<Rotation> {
  const folder = join(dataDir, 'keys')
  const database = join(dataDir, 'huisclos.db')
  if (!existsSync(folder) || !existsSync(database)) throw nothingThere(dataDir)
  // A running server would go on with the root it has in memory, and could be started while files change.
  const release = holdDataFolder(dataDir)
  try {
    // The origin that the server was last started with: clients refuse a change signed for another.
    const issuer = readIssuer(folder)
    const former = readRoot(folder)
    if (issuer === undefined || former === undefined) throw nothingThere(dataDir)
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const change = await signRootChange(former, privateKey, { issuer, nowMs })
    changeRoot(folder, change, pemOf(privateKey))
    const before = await calculateJwkThumbprint(publicJwk(former), 'sha256')
    return { issuer, former: before, current: change.thumbprint }
  } finally {
    release()
  }
}

function nothingThere(dataDir: string): TmmsError {
  return new TmmsError('unavailable', `No server was ever started on ${dataDir}.`)
}
