/** What the TMMS signs: meeting tokens and the key set. */
import type { AccountId, MeetingId } from './ids.ts'
import type { Mark, SWITCHES, SwitchName, SwitchValue } from './switches.ts'

/** Switches that hold from token to token. */
type TokenSwitch = {
  [N in SwitchName]: (typeof SWITCHES)[N]['holds'] extends 'token' ? N : never
}[SwitchName]

/** What the administrator allows in this meeting, and this person in it. What is absent counts as its strictest value. */
export type MeetingPolicyClaim = { readonly [N in TokenSwitch]: SwitchValue<N> } & {
  readonly mark?: Mark
}

/** Claims of the meeting token: JWT, ES256, `typ: meeting+jwt`, at most 15 minutes. */
export interface JoinClaims {
  readonly iss: string
  readonly aud: readonly ['tcs', 'e2ee']
  readonly sub: AccountId
  /** Display name, the only one anybody shows. */
  readonly name: string
  readonly mid: MeetingId
  /** The meeting session, random. */
  readonly msid: string
  readonly role: 'moderator' | 'participant'
  /** Which streams this member may publish. */
  readonly prm: readonly ('audio' | 'video' | 'share')[]
  readonly jti: string
  readonly iat: number
  /**
   * Milliseconds since the epoch: ends of access up to here do not concern this token. There when `iat` alone does not say
   * that it came after them: in the same second, or after a clock was set back.
   */
  readonly aft?: number
  readonly nbf: number
  readonly exp: number
  /** RFC 7800 confirmation, RFC 9449 `jkt`: RFC 7638 thumbprint of the device key. */
  readonly cnf: { readonly jkt: string }
  readonly e2ee: {
    /** The first is the meeting's; a client that does not speak it stays out. */
    readonly suites: readonly number[]
    /** The link of this meeting carries a secret; without it nobody can take part. */
    readonly psk: boolean
    /** Senders sign what they send (stream authenticator). */
    readonly vouch: boolean
  }
  readonly pol: MeetingPolicyClaim
}

/** Payload of `GET /api/keys`, signed by the root key: everything a client may believe because of its pin. */
export interface KeySet {
  readonly iss: string
  /** Seconds since the epoch. */
  readonly iat: number
  /** Keys that sign meeting tokens: JWK (EC, P-256) with `kid`. */
  readonly keys: readonly object[]
  /** Identity keys of the TCS: JWK (EC, P-256) with `kid` (RFC 7638 thumbprint) and the `origin` it may speak for. */
  readonly tcs: readonly object[]
  /** Keys that sign checkpoints of the audit log: JWK (OKP, Ed25519). */
  readonly audit: readonly object[]
  /**
   * Changes of the root key, oldest first: compact JWS (typ `root-change+jwt`), each signed by the former root, whose
   * public half is in the header's `jwk`; payload `{ iss, iat, root: JWK }` with the new root's public half.
   */
  readonly chain: readonly string[]
}

export const TOKEN_TYPE = 'meeting+jwt'
export const KEY_SET_TYPE = 'jwks+jwt'
export const ROOT_CHANGE_TYPE = 'root-change+jwt'
