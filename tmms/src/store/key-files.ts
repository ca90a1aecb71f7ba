/** Keys and secrets of this TMMS as files, mode 0600 in a folder of mode 0700. */
import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { TmmsError } from '../errors.ts'
import type { KeyStorage, TokenKey } from '../domain/keys/key-ring.ts'
import type { PasswordSecrets } from '../domain/accounts/password.ts'
import { writeWhole } from './durable.ts'
import { readChanges, readRoot, rootFile } from './root-files.ts'

const TOKEN_FILE = /^token-(\d+)-([A-Za-z0-9_-]{43})\.pem$/
const SECRET_BYTES = 32

export interface KeyFiles extends KeyStorage, PasswordSecrets {}

/**
 * Opens the folder, making what is missing.
 * @throws {TmmsError} `unavailable` when passwords are in use and their pepper is gone.
 */
export function openKeyFiles(folder: string, passwordsInUse: boolean): KeyFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // With a new one no stored password could ever match; better to say so than to refuse everybody at the door.
  if (passwordsInUse && !existsSync(join(folder, 'pepper'))) {
    throw new TmmsError('unavailable', 'keys/pepper is missing from the data folder; restore it.')
  }
  return {
    pepper: secret(join(folder, 'pepper')),
    fakeSaltKey: secret(join(folder, 'fake-salt')),
    root: readRoot(folder) ?? makeRoot(folder),
    rootChanges: readChanges(folder),
    rememberIssuer: (issuer) => {
      if (readIssuer(folder) !== issuer) writeWhole(issuerFile(folder), issuer)
    },
    tokenKeys: () => readTokenKeys(folder),
    keep: (key) => writeWhole(tokenFile(folder, key), pemOf(key.privateKey)),
    drop: (key) => rmSync(tokenFile(folder, key), { force: true }),
  }
}

function readTokenKeys(folder: string): readonly TokenKey[] {
  const keys = readdirSync(folder).flatMap((name): TokenKey[] => {
    const [, activeFrom, kid] = TOKEN_FILE.exec(name) ?? []
    if (activeFrom === undefined || kid === undefined) return []
    const pem = readFileSync(join(folder, name))
    return [{ kid, activeFrom: Number(activeFrom), privateKey: createPrivateKey(pem) }]
  })
  return keys.sort((one, other) => one.activeFrom - other.activeFrom)
}

function tokenFile(folder: string, { activeFrom, kid }: TokenKey): string {
  return join(folder, `token-${activeFrom}-${kid}.pem`)
}

function secret(path: string): Uint8Array {
  if (!existsSync(path)) writeWhole(path, randomBytes(SECRET_BYTES).toString('base64url'))
  return Buffer.from(readFileSync(path, 'utf8'), 'base64url')
}

/** The origin that this TMMS was last started with. */
export function readIssuer(folder: string): string | undefined {
  const path = issuerFile(folder)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function issuerFile(folder: string): string {
  return join(folder, 'issuer')
}

function makeRoot(folder: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeWhole(rootFile(folder), pemOf(privateKey))
  return privateKey
}

export function pemOf(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString()
}
