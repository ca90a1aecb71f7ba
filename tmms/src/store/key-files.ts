/** Keys and secrets of this TMMS as files, mode 0600 in a folder of mode 0700. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { KeyStorage } from '../domain/keys/key-ring.ts'
import type { PasswordSecrets } from '../domain/accounts/password.ts'
import { writeWhole } from './durable.ts'
import { checkChanges, readChanges, readRoot, rootFile } from './root-files.ts'
import {
  damaged,
  keepPrivate,
  makeSecret,
  missing,
  readPrivately,
  readEd25519Key,
  readSecret,
} from './secret-files.ts'
import { TokenFiles, pemOf } from './token-files.ts'

export interface KeyFiles extends KeyStorage, PasswordSecrets {
  /**
   * Whether what the files of a server with accounts hold fits together.
   * @param marked whether this installation has marked its files before
   * @throws {TmmsError} `unavailable` in a sentence that names the file that does not
   */
  check(marked: boolean): Promise<void>
}

/**
 * Opens the folder, making what is missing when there are no accounts yet. Beside accounts nothing is made anew: with
 * another pepper no password would match, with another root no link would be trusted. The audit key alone is made for a
 * folder of a version that had none, which is one whose log was never signed.
 * @param inUse there are accounts
 * @param signed the audit log has checkpoints
 * @throws {TmmsError} `unavailable` when a file is missing, damaged or not to be read.
 */
export function openKeyFiles(folder: string, inUse: boolean, signed = inUse): KeyFiles {
  if (!inUse) mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!existsSync(folder)) throw missing(folder)
  keepPrivate(folder, 0o700)
  const make = <T>(path: string, making: () => T): T => {
    if (inUse) throw missing(path)
    return making()
  }
  const secret = (name: string): Uint8Array => {
    const path = join(folder, name)
    if (!existsSync(path)) make(path, () => makeSecret(path))
    return readSecret(path)
  }
  const pepper = secret('pepper')
  const tokens = new TokenFiles(folder, pepper)
  return {
    pepper,
    fakeSaltKey: secret('fake-salt'),
    root: readRoot(folder) ?? make(rootFile(folder), () => makeRoot(folder)),
    rootChanges: readChanges(folder),
    audit: openAuditKey(folder, signed),
    rememberIssuer: (issuer) => writeIssuer(folder, issuer),
    tokenKeys: () => tokens.read(),
    keep: (key) => tokens.keep(key),
    drop: (key) => tokens.drop(key),
    check: async (marked) => {
      await checkChanges(folder)
      await tokens.check(marked)
    },
  }
}

/**
 * The origin that this TMMS was last started with.
 * @throws {TmmsError} `unavailable` when the file holds none.
 */
export function readIssuer(folder: string): string | undefined {
  const path = issuerFile(folder)
  if (!existsSync(path)) return undefined
  const text = readPrivately(path).toString('utf8').trim()
  if (URL.canParse(text) && new URL(text).origin === text) return text
  throw damaged(path, 'it should hold the address of this server')
}

/** The configuration says what it should hold: the server may have moved. */
function writeIssuer(folder: string, issuer: string): void {
  const path = issuerFile(folder)
  const known = existsSync(path) ? readPrivately(path).toString('utf8') : undefined
  if (known !== issuer) writeWhole(path, issuer)
}

function issuerFile(folder: string): string {
  return join(folder, 'issuer')
}

function makeRoot(folder: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeWhole(rootFile(folder), pemOf(privateKey))
  return privateKey
}

function openAuditKey(folder: string, needed: boolean): KeyObject {
  const path = join(folder, 'audit.pem')
  if (existsSync(path)) return readEd25519Key(path)
  if (needed) throw missing(path, 'the audit log has checkpoints that it signed')
  const { privateKey } = generateKeyPairSync('ed25519')
  writeWhole(path, pemOf(privateKey))
  return privateKey
}
