/** Keys and secrets of this TMMS as files, mode 0600 in a folder of mode 0700. */
import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { TmmsError } from '../errors.ts'
import type { KeyStorage, TokenKey } from '../domain/key-ring.ts'
import type { PasswordSecrets } from '../domain/password.ts'

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
    root: privateKey(join(folder, 'root.pem')),
    tokenKeys: () => readTokenKeys(folder),
    keep: (key) => write(tokenFile(folder, key), pemOf(key.privateKey)),
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
  if (!existsSync(path)) write(path, randomBytes(SECRET_BYTES).toString('base64url'))
  return Buffer.from(readFileSync(path, 'utf8'), 'base64url')
}

function privateKey(path: string): KeyObject {
  if (!existsSync(path)) {
    write(path, pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey))
  }
  return createPrivateKey(readFileSync(path))
}

function pemOf(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString()
}

// Written aside and renamed: half a root key after a power cut would be worse than none.
function write(path: string, text: string): void {
  const aside = `${path}.new`
  const file = openSync(aside, 'w', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(aside, path)
}
