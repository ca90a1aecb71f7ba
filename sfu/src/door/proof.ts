/** Who is calling: the meeting token, and the proof that the caller holds the device key it names. */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'
import { TOKEN_TTL_S } from '@huisclos/tmms/contract/limits'
import { TOKEN_TYPE, type JoinClaims } from '@huisclos/tmms/contract/tokens'
import { calculateJwkThumbprint, importJWK, jwtVerify, type CryptoKey, type JWK } from 'jose'
import { z } from 'zod'
import { TcsError } from '../errors.ts'
import type { ProofAsked } from './identity.ts'
import type { Authenticate, PeerId } from '../protocol.ts'
import { bytes } from '../wire/schemas.ts'

const TOKEN_MAX_CHARACTERS = 4096
export const SKEW_S = 60
const POINT_BYTES = 65

export interface Expected {
  readonly challenge: Uint8Array
  /** Both the issuer of tokens and the origin that the caller signs. */
  readonly origin: string
  readonly tokenKeys: readonly JWK[]
  readonly nowMs: number
}

export type Permission = JoinClaims['prm'][number]

/** What the TCS knows of a caller: nothing that names a person but the account's random id. */
export interface Caller {
  readonly peerId: PeerId
  readonly mid: string
  readonly msid: string
  readonly sub: string
  /** Thumbprint of the device key: the same for every window of one browser. */
  readonly device: string
  readonly jti: string
  readonly issuedAtMs: number
  readonly permissions: ReadonlySet<Permission>
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

const label = z.string().min(1).max(256)
const claimsSchema = z.object({
  sub: label,
  mid: label,
  msid: label,
  jti: label,
  prm: z.array(z.enum(['audio', 'video', 'share'])).max(3),
  iat: z.int(),
  nbf: z.int(),
  exp: z.int(),
  cnf: z.object({ jkt: z.string().length(43) }),
})
type Claims = z.infer<typeof claimsSchema>

/** @throws {TcsError} `refused`, whatever was wrong; the detail is for the log. */
export async function verifyProof(proof: unknown, expected: Expected): Promise<Caller> {
  const parsed = proofSchema.safeParse(proof)
  if (!parsed.success) throw new TcsError('refused', 'malformed proof')
  const { token, ikPub, nonce, signature, clientChallenge } = parsed.data
  const claims = await readToken(token, expected)
  const key = await deviceKey(ikPub, claims.cnf.jkt)
  const tokenHash = createHash('sha256').update(token).digest()
  const signed = signedBytes(tokenHash, expected)
  if (!verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)) {
    throw new TcsError('refused', 'the signature is not by the device key')
  }
  const { mid, msid, sub, jti, iat, prm, cnf } = claims
  return {
    peerId: memberId(msid, ikPub, nonce),
    mid,
    msid,
    sub,
    device: cnf.jkt,
    jti,
    issuedAtMs: iat * 1000,
    permissions: new Set(prm),
    asked: { clientChallenge, tokenHash },
  }
}

async function readToken(token: string, expected: Expected): Promise<Claims> {
  if (!token.split('.').every(isCanonical)) throw new TcsError('refused', 'token not canonical')
  try {
    const { payload, protectedHeader } = await jwtVerify(
      token,
      ({ kid }) => publicKey(expected.tokenKeys, kid),
      {
        algorithms: ['ES256'],
        typ: TOKEN_TYPE,
        issuer: expected.origin,
        audience: 'tcs',
        clockTolerance: SKEW_S,
        currentDate: new Date(expected.nowMs),
      },
    )
    headerSchema.parse(protectedHeader)
    const claims = claimsSchema.parse(payload)
    if (claims.exp - claims.iat > TOKEN_TTL_S) throw new TcsError('refused', 'token lives too long')
    return claims
  } catch (cause) {
    if (cause instanceof TcsError) throw cause
    const detail = cause instanceof z.ZodError ? 'header or claims malformed' : String(cause)
    throw new TcsError('refused', detail, { cause })
  }
}

// Two spellings of one token would be two tokens to anything that compares or hashes them.
function isCanonical(part: string): boolean {
  return part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part
}

async function publicKey(keys: readonly JWK[], kid: string | undefined): Promise<CryptoKey> {
  const jwk = kid === undefined ? undefined : keys.find((candidate) => candidate.kid === kid)
  if (jwk === undefined) throw new TcsError('refused', 'unknown kid')
  const { kty, crv, x, y } = jwk
  if (kty !== 'EC' || crv !== 'P-256') throw new TcsError('internal', 'token key is not P-256')
  return (await importJWK({ kty, crv, x, y } as JWK, 'ES256')) as CryptoKey
}

async function deviceKey(point: Uint8Array, thumbprint: string): Promise<KeyObject> {
  if (point[0] !== 4) throw new TcsError('refused', 'device key is not an uncompressed point')
  const coordinate = (from: number): string =>
    Buffer.from(point.subarray(from, from + 32)).toString('base64url')
  const jwk = { kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33) }
  if ((await calculateJwkThumbprint(jwk, 'sha256')) !== thumbprint) {
    throw new TcsError('refused', 'the token names another device key')
  }
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
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
