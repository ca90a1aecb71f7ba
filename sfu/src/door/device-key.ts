/** The device key of a caller: an uncompressed point of P-256 (SEC 1 section 2.3.3), 65 bytes. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import { TcsError } from '../errors.ts'

export const POINT_BYTES = 65

function jwkOf(point: Uint8Array): { kty: string; crv: string; x: string; y: string } {
  if (point[0] !== 4) throw new TcsError('refused', 'device key is not an uncompressed point')
  const coordinate = (from: number): string =>
    Buffer.from(point.subarray(from, from + 32)).toString('base64url')
  return { kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33) }
}

/** RFC 7638. @throws {TcsError} `refused` */
export function thumbprintOf(point: Uint8Array): Promise<string> {
  return calculateJwkThumbprint(jwkOf(point), 'sha256')
}

/** @throws {TcsError} `refused` when the point is not on the curve. */
export function deviceKey(point: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: jwkOf(point), format: 'jwk' })
  } catch (cause) {
    throw new TcsError('refused', 'device key is not on the curve', { cause })
  }
}
