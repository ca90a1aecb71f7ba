/**
 * Takes compact JWS apart, in their one canonical spelling: the same bytes are never two different texts.
 *
 * RFC 7515 section 7.1 (compact serialization), RFC 4648 section 3.5 (canonical encoding).
 */
import { base64url } from 'jose'
import { E2eeError } from '../errors.ts'

export type Json = Readonly<Record<string, unknown>>

export interface Jws {
  readonly header: Json
  readonly payload: Json
}

/** Nothing of it is verified yet. @throws E2eeError E_TOKEN_FORMAT. */
export function decodeJws(jws: string, maxChars: number): Jws {
  if (jws.length > maxChars) throw new E2eeError('E_TOKEN_FORMAT')
  const [header, payload, signature, ...more] = jws.split('.')
  if (!header || !payload || !signature || more.length > 0) throw new E2eeError('E_TOKEN_FORMAT')
  decodePart(signature)
  return { header: parsePart(header), payload: parsePart(payload) }
}

/** True when the header says exactly this and brings these members besides: RFC 8725 section 3.10 allows no advice. */
export function hasHeader({ header }: Jws, type: string, member: 'kid' | 'jwk'): boolean {
  const names = Object.keys(header).sort().join()
  const expected = ['alg', member, 'typ'].join()
  return names === expected && header['alg'] === 'ES256' && header['typ'] === type
}

/** A NumericDate (RFC 7519 section 2), of which only whole seconds are spoken here. @throws E2eeError E_TOKEN_FORMAT. */
export function wholeSeconds(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new E2eeError('E_TOKEN_FORMAT')
  return value as number
}

/** Canonical base64url (RFC 7515 section 2). */
export function decodePart(part: string): Uint8Array {
  const bytes = attempt(() => base64url.decode(part))
  // A second spelling of the same bytes would give one token two hashes.
  if (base64url.encode(bytes) !== part) throw new E2eeError('E_TOKEN_FORMAT')
  return bytes
}

/** Refuses repeated members: what one parser takes first another takes last (RFC 7515 section 4). */
function parsePart(part: string): Json {
  const bytes = decodePart(part)
  const source = attempt(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  const value = attempt<unknown>(() => JSON.parse(source))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new E2eeError('E_TOKEN_FORMAT')
  }
  // Writing out what is nested too deep fails, where reading it does not.
  if (attempt(() => JSON.stringify(value)) !== source) throw new E2eeError('E_TOKEN_FORMAT')
  return value as Json
}

function attempt<T>(run: () => T): T {
  try {
    return run()
  } catch (cause) {
    throw new E2eeError('E_TOKEN_FORMAT', { cause })
  }
}
