/**
 * Checks the TMMS's signed key set against the pinned root key: the browser's answer to certificate pinning.
 *
 * RFC 7515 (compact JWS), RFC 7517 (JWK), RFC 7638 (thumbprint). The shape is the TMMS's `KeySet`.
 */
import { E2eeError } from '../errors.ts'
import { importKey, isP256, thumbprintOf } from './jwk.ts'
import { decodeJws, decodePart, hasHeader, wholeSeconds, type Json } from './jws.ts'
import { requireSignature, rootOf, rootsLeadingTo, type Root } from './root-chain.ts'
import type { Pin, Store } from './store.ts'
import type { TcsKey, TcsKeys } from './tcs-identity.ts'
import type { TokenKeys } from './token.ts'
import type { Bytes } from '../wire.ts'

const KEY_SET_TYPE = 'jwks+jwt'
const MAX_KEY_SET_CHARS = 65_536
const MAX_TOKEN_KEYS = 16
const MAX_TCS_KEYS = 64
const MAX_AUDIT_KEYS = 4
const ED25519_BYTES = 32
const DAY_MS = 24 * 60 * 60_000
/** A TMMS whose clock was put right may sign sets that are this much older than before. */
const CLOCK_SET_BACK_MS = 2 * DAY_MS
/** Once its clock is right again, one that was a year ahead must not have shut everybody out. */
const CLOCK_AHEAD_MS = DAY_MS

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
  readonly tcsKeys: TcsKeys
  /** Ed25519, 32 bytes each: they sign checkpoints of the audit log. */
  readonly auditKeys: readonly Bytes[]
  readonly pinSource: 'link' | 'stored' | 'tofu'
  /** Since when this browser holds the pin; milliseconds since the epoch. */
  readonly pinSince: number
  /** The pin followed a change of the root that the former one signed. */
  readonly rootChanged: boolean
}

/**
 * What the root of this origin certifies: who may sign tokens, and which TCS may be believed. Remembers the root on
 * first contact.
 * @throws E2eeError E_PIN when the link's pin or the stored one neither is the root of the set nor leads to it by signed
 * changes; E_KEY_SET_OLD for a set that newer ones have replaced, which may name keys that were stolen since;
 * E_TOKEN_FORMAT when it is no key set at all. There is no way around any of them.
 */
export async function verifyKeySet(request: TrustRequest, store: Store): Promise<Trust> {
  const stored = await store.pin(request.origin)
  const { root, payload } = await openKeySet(request)
  const believed = await rootsLeadingTo(root, payload['chain'], request.origin)
  for (const pin of [request.pin, stored?.thumbprint]) {
    // Never the other way round: a set of an earlier root, which may have been stolen since, is refused.
    if (typeof pin === 'string' && !believed.has(pin)) throw new E2eeError('E_PIN')
  }
  const issuedMs = wholeSeconds(payload['iat']) * 1000
  if (issuedMs < (stored?.newestSet ?? 0) - CLOCK_SET_BACK_MS) throw new E2eeError('E_KEY_SET_OLD')
  const keys = await tokenKeysOf(payload['keys'])
  const tcsKeys = await tcsKeysOf(payload['tcs'])
  const auditKeys = auditKeysOf(payload['audit'])
  const pin = { ...pinFor(root, request, stored), newestSet: newestOf(issuedMs, request, stored) }
  if (!samePin(pin, stored)) await store.keepPin(request.origin, pin)
  return {
    ...{ keys, tcsKeys, auditKeys, pinSince: pin.since },
    pinSource: request.pin !== null ? 'link' : stored ? 'stored' : 'tofu',
    rootChanged: (stored?.thumbprint ?? request.pin ?? root.thumbprint) !== root.thumbprint,
  }
}

function newestOf(issuedMs: number, { nowMs }: TrustRequest, stored: Pin | undefined): number {
  return Math.max(stored?.newestSet ?? 0, Math.min(issuedMs, nowMs + CLOCK_AHEAD_MS))
}

/** A link confirms what had only been seen before; nothing ever weakens a pin. */
function pinFor(root: Root, { pin, nowMs }: TrustRequest, stored: Pin | undefined): Pin {
  const { thumbprint } = root
  return {
    thumbprint,
    source: pin !== null || stored?.source === 'link' ? 'link' : 'tofu',
    since: stored?.thumbprint === thumbprint ? stored.since : nowMs,
  }
}

function samePin(a: Pin, b: Pin | undefined): boolean {
  const same = a.thumbprint === b?.thumbprint && a.source === b.source && a.since === b.since
  return same && a.newestSet === b.newestSet
}

async function openKeySet({
  keySet,
  origin,
}: TrustRequest): Promise<{ root: Root; payload: Json }> {
  const jws = decodeJws(keySet, MAX_KEY_SET_CHARS)
  const { jwk } = jws.header
  if (!hasHeader(jws, KEY_SET_TYPE, 'jwk') || !isP256(jwk)) throw new E2eeError('E_TOKEN_FORMAT')
  await requireSignature(keySet, jwk)
  if (jws.payload['iss'] !== origin) throw new E2eeError('E_PIN')
  return { root: await rootOf(jwk), payload: jws.payload }
}

async function tokenKeysOf(entries: unknown): Promise<TokenKeys> {
  const keys = new Map<string, CryptoKey>()
  for (const jwk of listOf(entries, MAX_TOKEN_KEYS)) {
    if (!isP256(jwk) || typeof jwk.kid !== 'string') throw new E2eeError('E_TOKEN_FORMAT')
    keys.set(jwk.kid, await importKey(jwk))
  }
  if (keys.size === 0) throw new E2eeError('E_TOKEN_FORMAT')
  return keys
}

/** None at all is no fault of the set: no TCS is believed then. */
async function tcsKeysOf(entries: unknown): Promise<TcsKeys> {
  const keys = new Map<string, TcsKey>()
  for (const jwk of listOf(entries ?? [], MAX_TCS_KEYS)) {
    if (!isP256(jwk) || typeof jwk.kid !== 'string') throw new E2eeError('E_TOKEN_FORMAT')
    const { kid, origin } = jwk as typeof jwk & { readonly origin?: unknown }
    const named = kid === (await thumbprintOf(jwk)) && !keys.has(kid)
    if (!named || typeof origin !== 'string') throw new E2eeError('E_TOKEN_FORMAT')
    keys.set(kid, { origin, key: await importKey(jwk) })
  }
  return keys
}

/** None at all is no fault of the set: TMMS of earlier versions had none. */
function auditKeysOf(entries: unknown): readonly Bytes[] {
  return listOf(entries ?? [], MAX_AUDIT_KEYS).map((jwk) => {
    const { kty, crv, x } = Object(jwk) as Record<string, unknown>
    if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string') {
      throw new E2eeError('E_TOKEN_FORMAT')
    }
    const key = decodePart(x)
    if (key.byteLength !== ED25519_BYTES) throw new E2eeError('E_TOKEN_FORMAT')
    return new Uint8Array(key)
  })
}

function listOf(entries: unknown, max: number): readonly unknown[] {
  if (!Array.isArray(entries) || entries.length > max) throw new E2eeError('E_TOKEN_FORMAT')
  return entries
}
