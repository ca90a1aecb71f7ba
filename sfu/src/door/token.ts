/** The meeting token (docs/protocol.md section 3): what it says, and whether the TMMS said it. */
import { TOKEN_TTL_S } from '@huisclos/tmms/contract/limits'
import { TOKEN_TYPE, type JoinClaims } from '@huisclos/tmms/contract/tokens'
import {
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  jwtVerify,
  type CryptoKey,
  type JWK,
} from 'jose'
import { z } from 'zod'
import { TcsError } from '../errors.ts'
import { TOKEN_MAX_CHARACTERS } from '../wire/schemas.ts'
import { thumbprintOf } from './device-key.ts'

export const SKEW_S = 60

export interface TokenExpected {
  /** The issuer of tokens. */
  readonly origin: string
  readonly tokenKeys: readonly JWK[]
  readonly nowMs: number
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
