/**
 * The server's half of the password scheme, v = 1 (docs/accounts.md, "The password"): what the client derives is hashed again
 * with a key that is not in the database.
 */
import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { AccountId } from '../../contract/ids.ts'
import { PASSWORD_FLOOR } from '../../contract/limits.ts'
import type { NewCredential, PasswordParams } from '../../contract/sign-in.ts'
import { TmmsError } from '../../errors.ts'
import type { CredentialRecord } from '../../store/accounts.ts'

const SALT_BYTES = 16
const AUTH_BYTES = 32
const STORED_BYTES = 32
// N and r are light because each guess already costs an Argon2id; 32 MiB is what scrypt needs for them, doubled.
const COST = { N: 2 ** 14, r: 8, p: 1, maxmem: 32 * 1024 * 1024 } as const

/** Runs on libuv's threads: a sign-in never holds up the others. */
export type Scrypt = (x: Buffer, salt: Buffer) => Promise<Buffer>

export interface PasswordSecrets {
  readonly pepper: Uint8Array
  /** K_fake: keys the salts of accounts that do not exist. */
  readonly fakeSaltKey: Uint8Array
}

const scryptAsync = promisify<Buffer, Buffer, number, typeof COST, Buffer>(scrypt)
const scryptStandard: Scrypt = (x, salt) => scryptAsync(x, salt, STORED_BYTES, COST)

export class Passwords {
  readonly #secrets: PasswordSecrets
  readonly #scrypt: Scrypt
  /** What unknown accounts are compared with: nobody knows an input that yields it. */
  readonly #nobody = { s2: randomBytes(SALT_BYTES), stored: randomBytes(STORED_BYTES) }

  constructor(secrets: PasswordSecrets, slowHash: Scrypt = scryptStandard) {
    this.#secrets = secrets
    this.#scrypt = slowHash
  }

  /** Fresh parameters for a password about to be chosen. */
  freshParams(): PasswordParams {
    return paramsWith(randomBytes(SALT_BYTES))
  }

  /** The parameters of this address, made up but constant when nobody has it. */
  paramsOf(email: string, known: CredentialRecord | undefined): PasswordParams {
    // Computed in both cases, so that both take the same time.
    const mac = createHmac('sha256', this.#secrets.fakeSaltKey).update(email).digest()
    const fake = paramsWith(mac.subarray(0, SALT_BYTES))
    if (known === undefined) return fake
    return { v: 1, kdf: 'argon2id', salt: known.salt, m: known.m, t: known.t, p: known.p }
  }

  /**
   * @param given the parameters that this server handed out for the password.
   * @throws {TmmsError} `weak-parameters` below the floor, `bad-request` when they are not the given ones.
   */
  async seal(
    accountId: AccountId,
    credential: NewCredential,
    given: PasswordParams,
  ): Promise<CredentialRecord> {
    checkParams(credential, given)
    const auth = authBytes(credential.auth)
    if (auth === null) throw wrongShape('credential.auth')
    const s2 = randomBytes(SALT_BYTES)
    const stored = await this.#hash(auth, s2)
    const { salt, m, t, p } = given
    return {
      accountId,
      v: 1,
      salt,
      m,
      t,
      p,
      s2: s2.toString('base64url'),
      stored: stored.toString('base64url'),
    }
  }

  /** Does the same work, and takes the same time, when there is no such credential. */
  async verify(auth: string, known: CredentialRecord | undefined): Promise<boolean> {
    const s2 = known === undefined ? this.#nobody.s2 : Buffer.from(known.s2, 'base64url')
    const stored =
      known === undefined ? this.#nobody.stored : Buffer.from(known.stored, 'base64url')
    const bytes = authBytes(auth)
    const hashed = await this.#hash(bytes ?? Buffer.alloc(AUTH_BYTES), s2)
    const equal = hashed.length === stored.length && timingSafeEqual(hashed, stored)
    return equal && bytes !== null && known !== undefined
  }

  #hash(auth: Buffer, s2: Buffer): Promise<Buffer> {
    const x = createHmac('sha256', this.#secrets.pepper).update(auth).digest()
    return this.#scrypt(x, s2)
  }
}

function paramsWith(salt: Buffer): PasswordParams {
  return { v: 1, kdf: 'argon2id', salt: salt.toString('base64url'), ...PASSWORD_FLOOR }
}

function checkParams(credential: NewCredential, given: PasswordParams): void {
  const { m, t, p } = credential
  if (m < PASSWORD_FLOOR.m || t < PASSWORD_FLOOR.t || p < PASSWORD_FLOOR.p) {
    throw new TmmsError('weak-parameters', 'The password was hashed with too little work.', {
      field: 'credential',
    })
  }
  const same = credential.salt === given.salt && m === given.m && t === given.t && p === given.p
  if (!same) throw wrongShape('credential')
}

function wrongShape(field: string): TmmsError {
  return new TmmsError('bad-request', 'Not a credential made from the given parameters.', { field })
}

function authBytes(auth: string): Buffer | null {
  const bytes = Buffer.from(auth, 'base64url')
  return bytes.length === AUTH_BYTES && bytes.toString('base64url') === auth ? bytes : null
}
