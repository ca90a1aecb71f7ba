/** The public half of a key, with nothing else in it. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'

/** P-256. */
export function publicJwk(key: KeyObject): JWK {
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' })
  return { kty, crv, x, y } as JWK
}

/** Ed25519 (RFC 8037). */
export function publicOkpJwk(key: KeyObject): JWK {
  const { kty, crv, x } = createPublicKey(key).export({ format: 'jwk' })
  return { kty, crv, x } as JWK
}
