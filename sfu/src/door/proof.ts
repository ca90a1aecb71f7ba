/** Who is calling: the meeting token, and the proof that the caller holds the device key it names. */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'
import { TOKEN_TTL_S } from '@huisclos/tmms/contract/limits'
import { TOKEN_TYPE, type JoinClaims } from '@huisclos/tmms/contract/tokens'
import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  jwtVerify,
  type CryptoKey,
  type JWK,
} from 'jose'
import { z } from 'zod'
import { TcsError } from '../errors.ts'
import type { ProofAsked } from './identity.ts'
import type { Authenticate, PeerId } from '../protocol.ts'
import { bytes, TOKEN_MAX_CHARACTERS } from '../wire/schemas.ts'

export const SKEW_S = 60
const POINT_BYTES = 65

export interface TokenExpected {
  /** The issuer of tokens. */
  readonly origin: string
  readonly tokenKeys: readonly JWK[]
  readonly nowMs: number
}

export interface Expected extends TokenExpected {
  /** What the caller signs, together with the origin. */
  readonly challenge: Uint8Array
}

export type Permission = JoinClaims['prm'][number]

/** What a meeting token says: nothing that names a person but the account's random id. */
export interface Token {
  readonly mid: string
  readonly msid: string
  readonly sub: string
  /** Thumbprint of the device key: the same for every window of one browser. */
  readonly device: string
  readonly jti: string
  readonly issuedAtMs: number
  readonly permissions: ReadonlySet<Permission>
  /** How many may be in the room once this one has joined. */
  readonly participants: number
}

export interface Caller extends Token {
  readonly peerId: PeerId
  /** What it wants the TCS to prove. */
  readonly asked: ProofAsked
}

const proofSchema = z.strictObject({
  token: z.string().min(1).max(TOKEN_MAX_CHARACTERS),
  ikPub: bytes(POINT_BYTES, POINT_BYTES),
  nonce: bytes(32, 32),
  signature: bytes(64, 64),
  clientChallenge: bytes(32, 32),
})

const headerSchema = z.strictObject({
  alg: z.literal('ES256'),
  typ: z.literal(TOKEN_TYPE),
  kid: z.string(),
})

const FEWEST = 2
const label = z.string().min(1).max(256)
const claimsSchema = z.object({
  iss: z.string().max(512),
  sub: label,
  mid: label,
  msid: label,
  jti: label,
  prm: z.array(z.enum(['audio', 'video', 'share'])).max(3),
  iat: z.int(),
  aft: z.int().default(0),
  nbf: z.int(),
  exp: z.int(),
  cnf: z.object({ jkt: z.string().length(43) }),
  // A token that does not say it is of a meeting of two.
  pol: z
    .object({ participants: z.int().min(FEWEST).default(FEWEST) })
    .default({ participants: FEWEST }),
})
type Claims = z.infer<typeof claimsSchema>

/** @throws {TcsError} `refused`, whatever was wrong; the detail is for the log. */
export async function verifyProof(proof: unknown, expected: Expected): Promise<Caller> {
  const parsed = proofSchema.safeParse(proof)
  if (!parsed.success) throw new TcsError('refused', 'malformed proof')
  const { token: jwt, ikPub, nonce, signature, clientChallenge } = parsed.data
  const token = await verifyToken(jwt, expected, ikPub)
  const tokenHash = createHash('sha256').update(jwt).digest()
  const signed = signedBytes(tokenHash, expected)
  const key = deviceKey(ikPub)
  if (!verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)) {
    throw new TcsError('refused', 'the signature is not by the device key')
  }
  const peerId = memberId(token.msid, ikPub, nonce)
  return { ...token, peerId, asked: { clientChallenge, tokenHash } }
}

/**
 * Shape, then times and names, then the device key, and the signature last: it costs a thousand times as much.
 *
 * @param ikPub - The device key that the token must name.
 * @throws {TcsError} `refused`, whatever was wrong.
 */
export async function verifyToken(
  jwt: string,
  expected: TokenExpected,
  ikPub?: Uint8Array,
): Promise<Token> {
  const { kid, claims } = readToken(jwt)
  const { sub, mid, msid, jti, iat, aft, prm, cnf, pol } = claims
  if (claims.exp - iat > TOKEN_TTL_S) throw new TcsError('refused', 'token lives too long')
  if ((claims.exp + SKEW_S) * 1000 <= expected.nowMs) throw new TcsError('refused', 'expired')
  if (claims.iss !== expected.origin) throw new TcsError('refused', 'another issuer')
  if (ikPub !== undefined && (await thumbprintOf(ikPub)) !== cnf.jkt) {
    throw new TcsError('refused', 'the token names another device key')
  }
  await verifySignature(jwt, await publicKey(expected.tokenKeys, kid), expected)
  return {
    ...{ mid, msid, sub, jti },
    device: cnf.jkt,
    issuedAtMs: Math.max(iat * 1000, aft),
    permissions: new Set(prm),
    participants: pol.participants,
  }
}

function readToken(jwt: string): { kid: string; claims: Claims } {
  if (jwt.length > TOKEN_MAX_CHARACTERS || !jwt.split('.').every(isCanonical)) {
    throw new TcsError('refused', 'token not canonical')
  }
  try {
    const { kid } = headerSchema.parse(decodeProtectedHeader(jwt))
    return { kid, claims: claimsSchema.parse(decodeJwt(jwt)) }
  } catch (cause) {
    throw new TcsError('refused', 'header or claims malformed', { cause })
  }
}

async function verifySignature(
  jwt: string,
  key: CryptoKey,
  { origin, nowMs }: TokenExpected,
): Promise<void> {
  try {
    await jwtVerify(jwt, key, {
      algorithms: ['ES256'],
      typ: TOKEN_TYPE,
      issuer: origin,
      audience: 'tcs',
      clockTolerance: SKEW_S,
      currentDate: new Date(nowMs),
    })
  } catch (cause) {
    throw new TcsError('refused', String(cause), { cause })
  }
}

// Two spellings of one token would be two tokens to anything that compares or hashes them.
function isCanonical(part: string): boolean {
  return part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part
}

async function publicKey(keys: readonly JWK[], kid: string): Promise<CryptoKey> {
  const jwk = keys.find((candidate) => candidate.kid === kid)
  if (jwk === undefined) throw new TcsError('refused', 'unknown kid')
  const { kty, crv, x, y } = jwk
  if (kty !== 'EC' || crv !== 'P-256') throw new TcsError('internal', 'token key is not P-256')
  return (await importJWK({ kty, crv, x, y } as JWK, 'ES256')) as CryptoKey
}

function jwkOf(point: Uint8Array): { kty: string; crv: string; x: string; y: string } {
  if (point[0] !== 4) throw new TcsError('refused', 'device key is not an uncompressed point')
  const coordinate = (from: number): string =>
    Buffer.from(point.subarray(from, from + 32)).toString('base64url')
  return { kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33) }
}

function thumbprintOf(point: Uint8Array): Promise<string> {
  return calculateJwkThumbprint(jwkOf(point), 'sha256')
}

function deviceKey(point: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: jwkOf(point), format: 'jwk' })
  } catch (cause) {
    throw new TcsError('refused', 'device key is not on the curve', { cause })
  }
}

function signedBytes(tokenHash: Uint8Array, { challenge, origin }: Expected): Buffer {
  return Buffer.concat([Buffer.from('E2EE1 tcs auth\0'), challenge, tokenHash, Buffer.from(origin)])
}

/** E2EE1: SHA-256("E2EE1 member\0" || vec(msid) || ik_pub || nonce), the first 16 bytes. */
export function memberId(
  msid: string,
  ikPub: Authenticate['ikPub'],
  nonce: Authenticate['nonce'],
): PeerId {
  const session = Buffer.from(msid)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(session.length)
  const digest = createHash('sha256')
    .update('E2EE1 member\0')
    .update(length)
    .update(session)
    .update(ikPub)
    .update(nonce)
    .digest()
  return digest.subarray(0, 16).toString('hex') as PeerId
}
