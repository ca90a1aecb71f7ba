/** The public half of a P-256 key, with nothing else in it. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'

export function publicJwk(key: KeyObject): JWK {
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' })
  return { kty, crv, x, y } as JWK
}
