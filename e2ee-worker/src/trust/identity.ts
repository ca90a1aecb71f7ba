/**
 * The device identity IK: one non-extractable ECDSA P-256 key per browser profile, and what it signs for servers.
 *
 * RFC 7638 (thumbprint), RFC 9449 section 4.2 (DPoP proof).
 */
import { SignJWT, base64url, calculateJwkThumbprint, type JWK } from 'jose'
import type { Store } from './store.ts'
import { join, sha256, text, type Bytes } from '../wire.ts'

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' } as const
const ES256 = { name: 'ECDSA', hash: 'SHA-256' } as const
/** The first byte of a point with both its coordinates, SEC 1 section 2.3.3. */
const UNCOMPRESSED = 4
const TCS_AUTH = text('E2EE1 tcs auth\0')

export interface Identity {
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
  /** Uncompressed point, 65 bytes. */
  readonly ikPub: Bytes
  /** RFC 7638 thumbprint of the public key: `cnf.jkt` of this device's tokens. */
  readonly jkt: string
}

/** The key of this browser profile, made on first use. */
export async function loadIdentity(store: Store): Promise<Identity> {
  const pair = (await store.deviceKey()) ?? (await store.keepDeviceKey(await makeDeviceKey()))
  return identityOf(pair)
}

export async function identityOf(pair: CryptoKeyPair): Promise<Identity> {
  const ikPub = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const publicJwk = jwkOf(ikPub)
  return { privateKey: pair.privateKey, publicJwk, ikPub, jkt: await thumbprint(ikPub) }
}

/** RFC 7638 thumbprint (SHA-256, base64url) of an uncompressed P-256 point. */
export function thumbprint(ikPub: Bytes): Promise<string> {
  return calculateJwkThumbprint(jwkOf(ikPub), 'sha256')
}

/** ECDSA P-256/SHA-256, raw r||s, 64 bytes. */
export async function signWith(identity: Identity, message: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(ES256, identity.privateKey, message))
}

/** False for a bad signature as for a point that is not on the curve, or not written as `Identity.ikPub` is. */
export async function verifyFrom(ikPub: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
  // SEC 1 section 2.3.4 also knows compressed and hybrid points. By a second spelling one device would be two members.
  if (ikPub[0] !== UNCOMPRESSED) return false
  try {
    const key = await crypto.subtle.importKey('raw', ikPub, ECDSA, false, ['verify'])
    return await crypto.subtle.verify(ES256, key, signature, message)
  } catch {
    return false
  }
}

/**
 * DPoP proof for one request: bound to method, URL (without query and fragment), and to the server's nonce when it gave
 * one; the time in it comes from this computer, whose clock may be wrong.
 */
export async function proveDevice(
  identity: Identity,
  request: { readonly method: string; readonly url: string; readonly nonce?: string },
): Promise<string> {
  const url = new URL(request.url)
  // RFC 9449 section 4.2: htu is the target URI without query and fragment parts.
  const nonce = request.nonce === undefined ? {} : { nonce: request.nonce }
  const claims = { htm: request.method.toUpperCase(), htu: url.origin + url.pathname, ...nonce }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: identity.publicJwk })
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .sign(identity.privateKey)
}

/** What the TCS verifies before anything else: sign("E2EE1 tcs auth\0" || challenge || SHA-256(token) || origin). */
export async function signTcsChallenge(
  identity: Identity,
  proof: { readonly challenge: Uint8Array; readonly token: string; readonly tcsOrigin: string },
): Promise<Bytes> {
  const tokenHash = await sha256(text(proof.token))
  return signWith(identity, join(TCS_AUTH, proof.challenge, tokenHash, text(proof.tcsOrigin)))
}

function jwkOf(point: Bytes): JWK {
  const [x, y] = [point.subarray(1, 33), point.subarray(33, 65)].map((part) =>
    base64url.encode(part),
  )
  return { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }
}

async function makeDeviceKey(): Promise<CryptoKeyPair> {
  // Not extractable: the private half can be used here but never read, not even by this worker.
  return crypto.subtle.generateKey(ECDSA, false, ['sign', 'verify'])
}
