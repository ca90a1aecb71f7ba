/**
 * Turns a password into the credential the server knows: NFKC, Argon2id, HKDF (scheme v = 1). Pure, so that it runs anywhere.
 *
 * The server chooses salt and cost; the floor is enforced here, or a malicious server could ask for a cheap hash.
 */
import { argon2id } from 'hash-wasm'
import { base64url } from 'jose'
import { E2eeError } from './errors.ts'

/** Public parameters of the hash, as the server sends them; other members are ignored. */
export interface HashParams {
  /** 16 bytes, base64url. */
  readonly salt: string
  /** Memory in KiB. */
  readonly m: number
  /** Passes. */
  readonly t: number
  /** Lanes. */
  readonly p: number
}

const FLOOR = { m: 47_104, t: 1, p: 1 } as const
/** Beyond this a server could only want to make the browser run out of memory or time. */
const CEILING = { m: 1_048_576, t: 16, p: 8 } as const
const MAX_PASSWORD_BYTES = 1024
const SALT_BYTES = 16
const HASH_BYTES = 32

/**
 * Returns `auth`, 32 bytes as base64url.
 * @throws E2eeError E_KDF when the parameters are malformed or outside the limits, E_LEN when the password is longer than
 *   1024 bytes of UTF-8.
 */
export async function authOf(password: string, params: HashParams): Promise<string> {
  const salt = saltOf(params)
  const input = new TextEncoder().encode(password.normalize('NFKC'))
  try {
    if (input.byteLength > MAX_PASSWORD_BYTES) throw new E2eeError('E_LEN')
    const hash = await argon2id({
      password: input,
      salt,
      memorySize: params.m,
      iterations: params.t,
      parallelism: params.p,
      hashLength: HASH_BYTES,
      outputType: 'binary',
    })
    return await expand(hash, salt)
  } finally {
    // The string cannot be overwritten; the worker that holds it ends with this call.
    input.fill(0)
  }
}

async function expand(hash: Uint8Array, salt: Uint8Array<ArrayBuffer>): Promise<string> {
  const ikm = Uint8Array.from(hash)
  try {
    const key = await crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits'])
    const info = new TextEncoder().encode('auth v1')
    const params = { name: 'HKDF', hash: 'SHA-256', salt, info }
    const auth = new Uint8Array(await crypto.subtle.deriveBits(params, key, HASH_BYTES * 8))
    return base64url.encode(auth)
  } finally {
    ikm.fill(0)
    hash.fill(0)
  }
}

function saltOf(params: HashParams): Uint8Array<ArrayBuffer> {
  for (const name of ['m', 't', 'p'] as const) {
    const value = params[name]
    if (!Number.isInteger(value) || value < FLOOR[name] || value > CEILING[name]) {
      throw new E2eeError('E_KDF')
    }
  }
  const salt = decodeSalt(params.salt)
  // One salt has one spelling: what does not encode back to itself is malformed.
  if (salt.byteLength !== SALT_BYTES || base64url.encode(salt) !== params.salt) {
    throw new E2eeError('E_KDF')
  }
  return salt
}

function decodeSalt(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(base64url.decode(text))
  } catch (cause) {
    throw new E2eeError('E_KDF', { cause })
  }
}
