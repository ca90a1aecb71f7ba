/**
 * The TMMS's HTTP interface: routes, bodies, the claims of the meeting token, and every error code.
 *
 * All bodies are JSON; bytes are base64url without padding; times are ISO 8601 in UTC unless named `...Ms`.
 * Secrets travel in bodies and link fragments only, never in a URL path or query.
 */

export type AccountId = string & { readonly __brand: 'AccountId' }
export type MeetingId = string & { readonly __brand: 'MeetingId' }
export type Language = 'en' | 'fr'
export type Role = 'administrator' | 'organiser' | 'user'

/** Answer of every refused request. `field` names the offending member of the body. */
export interface ApiError {
  readonly code: ErrorCode
  /** English, for logs and scripts; the client words the code in the user's language. */
  readonly message: string
  readonly field?: string
  /** With `too-many-tries`. */
  readonly retryAfterS?: number
}

export type ErrorCode =
  | 'bad-request'
  | 'invalid-email'
  | 'invalid-name'
  | 'invalid-title'
  | 'invalid-duration'
  | 'invalid-date'
  | 'date-in-past'
  | 'too-many-invited'
  | 'weak-parameters'
  | 'account-exists'
  /** Unknown, expired and used links have one code each, because each needs another action of the person. */
  | 'link-unknown'
  | 'link-expired'
  | 'link-used'
  | 'wrong-credentials'
  | 'too-many-tries'
  | 'signed-out'
  | 'not-allowed'
  /** Also for meetings that exist but are not for this account: nobody can tell the difference. */
  | 'not-found'
  | 'meeting-not-open'
  | 'bad-proof'
  | 'wrong-origin'
  | 'too-large'
  | 'unavailable'
  | 'internal'

/** Public parameters of the client-side hash (accounts.md scheme v = 1). */
export interface PasswordParams {
  readonly v: 1
  readonly kdf: 'argon2id'
  /** 16 bytes. */
  readonly salt: string
  /** KiB. */
  readonly m: number
  readonly t: number
  readonly p: number
}

/** What the client's hash yields: the credential itself, 32 bytes; the password never leaves the client. */
export interface NewCredential extends PasswordParams {
  readonly auth: string
}

/** Below this the client refuses to hash, so that a malicious server cannot lower the cost. */
export const PASSWORD_FLOOR = { m: 47_104, t: 1, p: 1 } as const
export const PASSWORD_MIN_CHARACTERS = 12
export const PASSWORD_MAX_BYTES = 1024

export interface Account {
  readonly id: AccountId
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly role: Role
  readonly language: Language
}

/** An account as administrators see it. `invited` until its owner has followed the validation link. */
export interface AccountRow extends Account {
  readonly state: 'invited' | 'active' | 'disabled'
  readonly createdAt: string
}

export interface Meeting {
  readonly id: MeetingId
  readonly title: string
  readonly startsAt: string
  readonly durationMin: number
  readonly organiser: { readonly name: string; readonly email: string }
  /** True when the reader may change, cancel and see the list of invited addresses. */
  readonly mine: boolean
  /** Only when `mine`. */
  readonly invited?: readonly string[]
  readonly state: 'planned' | 'open' | 'ended' | 'cancelled'
  /**
   * Path and fragment of the meeting link, to be put behind the origin. With `ownLink` it ends with `-` where the secret
   * belongs, which only the organiser's browser knows.
   */
  readonly link: string
  /** The organiser hands the link over: it carries a secret that this server never sees, and mails hold no link. */
  readonly ownLink: boolean
}

export interface Status {
  /** True until the first administrator exists. */
  readonly needsSetup: boolean
  readonly product: 'Huisclos'
  readonly version: string
}

/** What an account-validation, setup or password-reset link is for. */
export interface LinkInfo {
  readonly purpose: 'setup' | 'validate' | 'reset'
  /** Empty for `setup`: the administrator chooses it. */
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly role: Role
  /** Fresh parameters with a new salt for the password about to be chosen. */
  readonly params: PasswordParams
  /** Where to go afterwards (path and fragment), when the link came with a meeting. */
  readonly next: string | null
}

/** What the client needs to open the meeting's session and to call the TCS. */
export interface JoinGrant {
  readonly token: string
  readonly mid: MeetingId
  readonly msid: string
  readonly title: string
  /** `https://host[:port]` of the TCS to call. */
  readonly tcsOrigin: string
  /** Seconds until the token expires. */
  readonly expiresInS: number
}

/** route -> request body (or never) and reply. `:id` is a path parameter. */
export interface Routes {
  'GET /api/status': { request: never; reply: Status }
  /** The signed key set, compact JWS (typ `jwks+jwt`), root public key in the header's `jwk`. text/plain. */
  'GET /api/keys': { request: never; reply: string }
  'POST /api/links/read': { request: { token: string }; reply: LinkInfo }
  /** Ends a setup, validate or reset link, and signs the person in. `email` only for `setup`. */
  'POST /api/links/accept': {
    request: {
      token: string
      email?: string
      firstName: string
      lastName: string
      language: Language
      credential: NewCredential
    }
    reply: { account: Account; next: string | null }
  }
  'POST /api/auth/params': { request: { email: string }; reply: PasswordParams }
  'POST /api/auth/login': {
    request: { email: string; v: 1; auth: string; remember: boolean }
    reply: { account: Account }
  }
  'POST /api/auth/logout': { request: Record<string, never>; reply: Record<string, never> }
  /** Always the same answer, whether or not the account exists. */
  'POST /api/auth/reset': { request: { email: string }; reply: Record<string, never> }
  'GET /api/me': { request: never; reply: Account }
  'PATCH /api/me': { request: { language: Language }; reply: Account }
  /** Administrators. Newest first; `q` filters by e-mail or name. */
  'GET /api/accounts': { request: never; reply: { accounts: readonly AccountRow[] } }
  /** Administrators. Invites a new account, or sends the mail again when it is still `invited`. */
  'POST /api/accounts': {
    request: { email: string; role: Role; language: Language }
    reply: { account: AccountRow }
  }
  'GET /api/meetings': { request: never; reply: { meetings: readonly Meeting[] } }
  /** Organisers and administrators. New addresses become accounts of role `user` in state `invited`. */
  'POST /api/meetings': {
    request: {
      title: string
      startsAt: string
      durationMin: number
      invited: readonly string[]
      /** False when absent. */
      ownLink?: boolean
    }
    reply: { meeting: Meeting }
  }
  'GET /api/meetings/:id': { request: never; reply: { meeting: Meeting } }
  'POST /api/meetings/:id/cancel': { request: Record<string, never>; reply: { meeting: Meeting } }
  /** Adds invited people and mails them; the ones already invited are left alone. */
  'POST /api/meetings/:id/invite': {
    request: { invited: readonly string[] }
    reply: { meeting: Meeting }
  }
  /**
   * Moderators. This account gets no further token for the meeting, and its connections to the TCS end. Inviting it
   * again lifts this. `not-found` for everybody else; `bad-request` for oneself.
   */
  'POST /api/meetings/:id/exclude': { request: { sub: AccountId }; reply: Record<string, never> }
  /**
   * A meeting token bound to the device key that signed the `DPoP` header (RFC 9449 section 4.2).
   * `not-found` for unknown, not-invited, cancelled and ended alike; `meeting-not-open` only to the invited.
   */
  'POST /api/meetings/:id/join': { request: Record<string, never>; reply: JoinGrant }
}
export type Route = keyof Routes

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
  /**
   * Changes of the root key, oldest first: compact JWS (typ `root-change+jwt`), each signed by the former root, whose
   * public half is in the header's `jwk`; payload `{ iss, iat, root: JWK }` with the new root's public half.
   */
  readonly chain: readonly string[]
}

export const TOKEN_TYPE = 'meeting+jwt'
export const KEY_SET_TYPE = 'jwks+jwt'
export const ROOT_CHANGE_TYPE = 'root-change+jwt'
/** Seconds. */
export const TOKEN_TTL_S = 900

/** Paths of pages, used in mails and by the client's router. Secrets follow in the fragment. */
export const PAGES = {
  home: '/',
  signIn: '/sign-in',
  setup: '/setup',
  /** `#<token>`: account validation and password reset. */
  link: '/welcome',
  /** `/j/<mid>#v1.<root thumbprint>.<link secret or ->` */
  join: '/j/',
  plan: '/meetings/new',
  accounts: '/accounts',
} as const
