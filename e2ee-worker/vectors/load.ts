/**
 * Reads the vector files; 64-bit integers come out as BigInt, however they are written.
 */
import e2ee1Kat from './e2ee1-kat.json' with { type: 'json' }
import rfc9605File from './rfc9605.json' with { type: 'json' }

interface HeaderVector {
  readonly kid: bigint
  readonly ctr: bigint
  readonly encoded: string
}

interface SframeVector {
  readonly cipher_suite: number
  readonly kid: bigint
  readonly ctr: bigint
  readonly base_key: string
  readonly sframe_salt: string
  readonly metadata: string
  readonly nonce: string
  readonly aad: string
  readonly pt: string
  readonly ct: string
}

interface CtrHmacVector {
  readonly cipher_suite: number
  readonly key: string
  readonly nonce: string
  readonly aad: string
  readonly pt: string
  readonly ct: string
}

export interface SframeVectors {
  readonly header: readonly HeaderVector[]
  readonly aes_ctr_hmac: readonly CtrHmacVector[]
  readonly sframe: readonly SframeVector[]
}

/** The values printed in RFC 9605 appendix C. */
export const rfc9605: SframeVectors = parseSframeVectors(JSON.stringify(rfc9605File))

/** Known answers of the E2EE1 protocol, from an independent reference implementation. */
export const e2ee1 = e2ee1Kat

/** Reads a vector file in the form of the working group: `kid` and `ctr` as JSON numbers or as strings. */
export function parseSframeVectors(text: string): SframeVectors {
  const wide = (key: string, value: unknown, context?: { source?: string }): unknown => {
    if (key !== 'kid' && key !== 'ctr') return value
    // The source text of a number is exact; its parsed value is rounded above 2^53.
    return BigInt(typeof value === 'string' ? value : (context?.source ?? String(value)))
  }
  return JSON.parse(text, wide) as SframeVectors
}

export function bytes(hex: string): Uint8Array<ArrayBuffer> {
  const pairs = hex.match(/../g) ?? []
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16))
}

export function hex(value: Uint8Array | ArrayBuffer): string {
  const view = value instanceof Uint8Array ? value : new Uint8Array(value)
  return Array.from(view, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
