/** Keys and secrets of this TMMS as files, mode 0600 in a folder of mode 0700. */
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { KeyStorage, TokenKey } from '../domain/keys/key-ring.ts'
import type { PasswordSecrets } from '../domain/accounts/password.ts'
import { writeWhole } from './durable.ts'
import { readChanges, readRoot, rootFile } from './root-files.ts'
import { keepPrivate, missing, readPrivateKey, readSecret } from './secret-files.ts'

const TOKEN_FILE = /^token-(\d+)-([A-Za-z0-9_-]{43})\.pem$/
const SECRET_BYTES = 32

export interface KeyFiles extends KeyStorage, PasswordSecrets {}

/**
 * Opens the folder, making what is missing when there are no accounts yet. Beside accounts nothing is made anew: with
 * another pepper no password would match, with another root no link would be trusted.
 * @throws {TmmsError} `unavailable` when a file is missing, damaged or not to be read.
 */
export function openKeyFiles(folder: string, inUse: boolean): KeyFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
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
  return {
    pepper: secret('pepper'),
    fakeSaltKey: secret('fake-salt'),
    root: readRoot(folder) ?? make(rootFile(folder), () => makeRoot(folder)),
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
    const privateKey = readPrivateKey(join(folder, name))
    return [{ kid, activeFrom: Number(activeFrom), privateKey }]
  })
  return keys.sort((one, other) => one.activeFrom - other.activeFrom)
}

function tokenFile(folder: string, { activeFrom, kid }: TokenKey): string {
  return join(folder, `token-${activeFrom}-${kid}.pem`)
}

function makeSecret(path: string): void {
  writeWhole(path, randomBytes(SECRET_BYTES).toString('base64url'))
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
