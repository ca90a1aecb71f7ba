/**
 * Checks the TMMS's signed key set against the pinned root key: the browser's answer to certificate pinning.
 *
 * RFC 7515 (compact JWS), RFC 7517 (JWK), RFC 7638 (thumbprint).
 */
import {
  calculateJwkThumbprint,
  compactVerify,
  decodeProtectedHeader,
  importJWK,
  type JWK,
} from 'jose'
import { E2eeError } from '../errors.ts'
import type { Pin, Store } from './store.ts'
import type { TokenKeys } from './token.ts'

const KEY_SET_TYPE = 'jwks+jwt'
const MAX_KEY_SET_CHARS = 16_384
const MAX_KEYS = 16

export interface TrustRequest {
  readonly origin: string
  readonly keySet: string
  /** Thumbprint from the link, or null when the link had none. */
  readonly pin: string | null
  /** Milliseconds since the epoch, noted with a new pin. */
  readonly nowMs: number
}

export interface Trust {
  readonly keys: TokenKeys
  readonly pinSource: 'link' | 'stored' | 'tofu'
  /** Since when this browser holds the pin; milliseconds since the epoch. */
  readonly pinSince: number
  /** The stored pin moved to a new root that the former one signed. */
  readonly rootChanged: boolean
}

/**
 * The keys that may sign tokens for this origin. Remembers the root on first contact.
 * @throws E2eeError E_PIN when the set does not chain to the pin, or link and stored pin differ; E_TOKEN_FORMAT
 * when it is no key set at all. There is no way around either.
 */
export async function verifyKeySet(request: TrustRequest, store: Store): Promise<Trust> {
  const stored = await store.pin(request.origin)
  if (request.pin !== null && stored !== undefined && stored.thumbprint !== request.pin) {
    throw new E2eeError('E_PIN')
  }
  const root = await rootOf(request.keySet)
  const expected = request.pin ?? stored?.thumbprint ?? root.thumbprint
  if (root.thumbprint !== expected) throw new E2eeError('E_PIN')
  const keys = await tokenKeys(request, root.jwk)
  const pin: Pin = {
    thumbprint: root.thumbprint,
    source: request.pin === null ? 'tofu' : 'link',
    since: request.nowMs,
  }
  // A link confirms what had only been seen before; nothing ever weakens a pin.
  if (stored === undefined || (stored.source === 'tofu' && pin.source === 'link')) {
    await store.keepPin(request.origin, pin)
  }
  const pinSource = request.pin !== null ? 'link' : stored ? 'stored' : 'tofu'
  return { keys, pinSource, pinSince: stored?.since ?? pin.since, rootChanged: false }
}

async function rootOf(keySet: string): Promise<{ jwk: JWK; thumbprint: string }> {
  if (keySet.length > MAX_KEY_SET_CHARS) throw new E2eeError('E_TOKEN_FORMAT')
  try {
    const { alg, typ, jwk } = decodeProtectedHeader(keySet) as Record<string, unknown>
    if (alg !== 'ES256' || typ !== KEY_SET_TYPE || !isP256(jwk)) {
      throw new E2eeError('E_TOKEN_FORMAT')
    }
    const publicJwk = { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y }
    return { jwk: publicJwk, thumbprint: await calculateJwkThumbprint(publicJwk, 'sha256') }
  } catch (cause) {
    throw new E2eeError('E_TOKEN_FORMAT', { cause })
  }
}

async function tokenKeys(request: TrustRequest, root: JWK): Promise<TokenKeys> {
  const payload = await signedBy(root, request.keySet)
  const { iss, keys } = payload as { readonly iss?: unknown; readonly keys?: unknown }
  if (iss !== request.origin) throw new E2eeError('E_PIN')
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_KEYS) {
    throw new E2eeError('E_TOKEN_FORMAT')
  }
  const byKid = new Map<string, CryptoKey>()
  for (const jwk of keys as readonly unknown[]) {
    if (!isP256(jwk) || typeof jwk.kid !== 'string') throw new E2eeError('E_TOKEN_FORMAT')
    byKid.set(jwk.kid, await importKey(jwk))
  }
  return byKid
}

async function signedBy(root: JWK, keySet: string): Promise<object> {
  const key = await importKey(root)
  const { payload } = await compactVerify(keySet, key, { algorithms: ['ES256'] }).catch(
    (cause: unknown) => {
      throw new E2eeError('E_PIN', { cause })
    },
  )
  try {
    return Object(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))) as object
  } catch (cause) {
    throw new E2eeError('E_TOKEN_FORMAT', { cause })
  }
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  try {
    const { kty, crv, x, y } = jwk
    return (await importJWK({ kty, crv, x, y } as JWK, 'ES256')) as CryptoKey
  } catch (cause) {
    throw new E2eeError('E_TOKEN_FORMAT', { cause })
  }
}

function isP256(value: unknown): value is JWK & { readonly x: string; readonly y: string } {
  const jwk = value as JWK | null | undefined
  return (
    jwk?.kty === 'EC' &&
    jwk.crv === 'P-256' &&
    typeof jwk.x === 'string' &&
    typeof jwk.y === 'string'
  )
}
