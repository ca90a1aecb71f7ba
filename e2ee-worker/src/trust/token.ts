/**
 * Checks meeting tokens: who somebody is, in which meeting session, with which device key, until when.
 *
 * RFC 7519 and RFC 8725: the algorithm, type and key set are ours to choose, never the token's.
 */
import { errors, jwtVerify, type JWTPayload } from 'jose'
import { E2eeError } from '../errors.ts'
import type { MeetingPolicy } from '../calls.ts'
import type { E2eeCode } from '../protocol.ts'
import { decodeJws, hasHeader, wholeSeconds, type Json, type Jws } from './jws.ts'
import { readPolicy } from './policy.ts'

const TOKEN_TYPE = 'meeting+jwt'
const MAX_TOKEN_CHARS = 4096
const SKEW_S = 60
/** A token lives at most 15 minutes. */
const MAX_LIFE_S = 900

type Role = 'moderator' | 'participant'
export type Permission = 'audio' | 'video' | 'share'

/** The claims this worker relies on; the shape is the TMMS's `JoinClaims`. */
export interface Claims {
  readonly sub: string
  readonly name: string
  readonly mid: string
  readonly msid: string
  readonly role: Role
  readonly prm: readonly Permission[]
  /** Seconds since the epoch. */
  readonly iat: number
  readonly exp: number
  /** RFC 7638 thumbprint of the device key. */
  readonly jkt: string
  readonly suites: readonly number[]
  /** The link of the meeting carries a secret, and without it nobody can take part. */
  readonly psk: boolean
  /** Senders sign what they send. */
  readonly vouch: boolean
  readonly policy: MeetingPolicy
}

/** Keys that may sign tokens, by `kid`; made by the key-set check only. */
export type TokenKeys = ReadonlyMap<string, CryptoKey>

/**
 * How pair keys are agreed. 1: P-256, HKDF-SHA-512, AES-256-GCM. 2: the same and ML-KEM-768, so that recordings stay
 * closed to a future quantum computer.
 */
export type Suite = 1 | 2

export interface TokenRules {
  readonly keys: TokenKeys
  readonly issuer: string
  readonly mid: string
  /** Null only for our own token, which is what tells us the session. */
  readonly msid: string | null
  /** TMMS time, milliseconds; null for our own token, which is what tells us the time. */
  readonly nowMs: number | null
}

/** @throws E2eeError E_TOKEN_FORMAT, _TYPE, _KEY, _SIG, _AUD, _MEETING or _TIME. */
export async function verifyToken(token: string, rules: TokenRules): Promise<Claims> {
  const jws = decodeJws(token, MAX_TOKEN_CHARS)
  const key = keyFor(jws, rules.keys)
  // Our own token is what sets the clock; its issue time is the earliest TMMS time it proves.
  const nowMs = rules.nowMs ?? Number(jws.payload['iat']) * 1000
  if (!Number.isFinite(nowMs)) throw new E2eeError('E_TOKEN_FORMAT')
  const verified = await jwtVerify(token, key, {
    algorithms: ['ES256'],
    issuer: rules.issuer,
    audience: 'e2ee',
    clockTolerance: SKEW_S,
    currentDate: new Date(nowMs),
    requiredClaims: ['iss', 'aud', 'sub', 'mid', 'msid', 'jti', 'iat', 'nbf', 'exp', 'cnf'],
  }).catch((cause: unknown) => {
    throw new E2eeError(codeOf(cause), { cause })
  })
  const claims = claimsOf(verified.payload)
  if (claims.mid !== rules.mid || (rules.msid !== null && claims.msid !== rules.msid)) {
    throw new E2eeError('E_TOKEN_MEETING')
  }
  if (claims.exp - claims.iat > MAX_LIFE_S) throw new E2eeError('E_TOKEN_TIME')
  return claims
}

/**
 * The suite of a meeting: the first that its token names. Nothing is negotiated through the TCS.
 * @throws E2eeError E_SUITE for one not spoken here, whatever else the token names.
 */
export function suiteOf({ suites }: Pick<Claims, 'suites'>): Suite {
  const [suite] = suites
  if (suite !== 1 && suite !== 2) throw new E2eeError('E_SUITE')
  return suite
}

/** True while a token may still be given new keys. */
export function tokenAlive(claims: Claims, nowMs: number): boolean {
  return nowMs <= deadAfterMs(claims)
}

/** TMMS time in milliseconds after which nobody takes this token, nor any HELLO that shows it. */
export function deadAfterMs({ exp }: Pick<Claims, 'exp'>): number {
  return (exp + SKEW_S) * 1000
}

/** Whether a token lets its owner send this stream; whether chat is allowed says its policy. */
export function permits(
  { prm }: Pick<Claims, 'prm'>,
  { kind }: { readonly kind: string },
): boolean {
  return kind === 'data' || prm.includes(permissionFor(kind))
}

/** Which permission sending a kind of stream takes. */
export function permissionFor(kind: string): Permission {
  return kind === 'audio' ? 'audio' : kind === 'video' ? 'video' : 'share'
}

function keyFor(jws: Jws, keys: TokenKeys): CryptoKey {
  // RFC 8725 section 3.10: jku, x5u and jwk would let the token choose its own judge.
  if (!hasHeader(jws, TOKEN_TYPE, 'kid')) throw new E2eeError('E_TOKEN_TYPE')
  const { kid } = jws.header
  const key = typeof kid === 'string' ? keys.get(kid) : undefined
  if (key === undefined) throw new E2eeError('E_TOKEN_KEY')
  return key
}

function codeOf(cause: unknown): E2eeCode {
  if (cause instanceof errors.JWSSignatureVerificationFailed) return 'E_TOKEN_SIG'
  if (cause instanceof errors.JWTExpired) return 'E_TOKEN_TIME'
  if (cause instanceof errors.JWTClaimValidationFailed && cause.reason === 'check_failed') {
    if (cause.claim === 'aud' || cause.claim === 'iss') return 'E_TOKEN_AUD'
    if (cause.claim === 'nbf' || cause.claim === 'exp') return 'E_TOKEN_TIME'
  }
  return 'E_TOKEN_FORMAT'
}

function claimsOf(payload: JWTPayload): Claims {
  const { cnf, e2ee } = payload
  return {
    sub: nonEmpty(payload.sub, 64),
    name: nonEmpty(payload['name'], 200),
    mid: nonEmpty(payload['mid'], 64),
    msid: nonEmpty(payload['msid'], 64),
    role: payload['role'] === 'moderator' ? 'moderator' : 'participant',
    prm: permissionsOf(payload['prm']),
    iat: wholeSeconds(payload.iat),
    exp: wholeSeconds(payload.exp),
    jkt: nonEmpty(memberOf(cnf, 'jkt'), 43),
    suites: suitesOf(memberOf(e2ee, 'suites')),
    psk: policyOf(memberOf(e2ee, 'psk')),
    vouch: policyOf(memberOf(e2ee, 'vouch')),
    policy: readPolicy(payload['pol']),
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Json)[name] : undefined
}

function nonEmpty(value: unknown, maxChars: number): string {
  if (typeof value !== 'string' || value === '' || value.length > maxChars) {
    throw new E2eeError('E_TOKEN_FORMAT')
  }
  return value
}

/** Absent means no. Anything but yes or no is refused: guessing could only weaken what was meant. */
function policyOf(value: unknown): boolean {
  if (value !== undefined && typeof value !== 'boolean') throw new E2eeError('E_TOKEN_FORMAT')
  return value ?? false
}

/** A token that grants nothing, or in words unknown here, permits nothing. */
function permissionsOf(value: unknown): readonly Permission[] {
  const known = ['audio', 'video', 'share'] as const
  return Array.isArray(value) ? known.filter((permission) => value.includes(permission)) : []
}

function suitesOf(value: unknown): readonly number[] {
  return Array.isArray(value)
    ? value.filter((suite): suite is number => Number.isInteger(suite))
    : []
}
