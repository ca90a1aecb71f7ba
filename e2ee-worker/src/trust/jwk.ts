/** Public P-256 keys as JWK: the only kind of key that anybody's signature is checked with here. */
import { calculateJwkThumbprint, importJWK, type JWK } from 'jose'
import { E2eeError } from '../errors.ts'

export type PublicJwk = JWK & { readonly x: string; readonly y: string }

export function isP256(value: unknown): value is PublicJwk {
  const jwk = value as JWK | null | undefined
  return (
    jwk?.kty === 'EC' &&
    jwk.crv === 'P-256' &&
    typeof jwk.x === 'string' &&
    typeof jwk.y === 'string'
  )
}

/**
 * For ES256 signatures only; whatever else the JWK says of itself is not asked.
 * @throws E2eeError E_TOKEN_FORMAT for a point that is not on the curve.
 */
export async function importKey(jwk: PublicJwk): Promise<CryptoKey> {
  try {
    return (await importJWK(bare(jwk), 'ES256')) as CryptoKey
  } catch (cause) {
    throw new E2eeError('E_TOKEN_FORMAT', { cause })
  }
}

/** RFC 7638 thumbprint, SHA-256, base64url. */
export function thumbprintOf(jwk: PublicJwk): Promise<string> {
  return calculateJwkThumbprint(bare(jwk), 'sha256')
}

function bare({ x, y }: PublicJwk): JWK {
  return { kty: 'EC', crv: 'P-256', x, y }
}
