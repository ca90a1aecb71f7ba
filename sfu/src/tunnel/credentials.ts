/** Short-lived relay credentials of one member in one meeting, checked without storing any. */
import { createHash, createHmac, randomBytes } from 'node:crypto'

const TTL_S = 600
const pattern = /^(\d{1,11}):([A-Za-z0-9_-]{22}):([A-Za-z0-9_-]{22}):[A-Za-z0-9_-]{1,128}$/
const plain = /^[A-Za-z0-9_-]{1,128}$/

/** For whom credentials are made. An account may have several members in a meeting, one for each device. */
export interface RelayOwner {
  /** The account. */
  readonly sub: string
  /** The meeting. */
  readonly mid: string
  readonly member: string
}

/** What was minted up to `atMs` for an account, for a meeting, or for an account in a meeting. */
export interface RelayScope {
  readonly sub?: string
  readonly mid?: string
  readonly atMs: number
}

export interface MintedCredentials {
  readonly username: string
  readonly credential: string
  readonly expiresAtMs: number
}

/**
 * Username: `<expiry, seconds>:<account>:<meeting>:<member>`, account and meeting hashed; password:
 * base64(HMAC-SHA-256(secret, username)), the scheme known as TURN REST. Valid for making allocations; those that exist
 * live on while they are refreshed.
 */
export class RelaySecret {
  readonly #secret: Buffer
  /** Scope to the second up to which its credentials expire that are not valid any more. */
  readonly #revoked = new Map<string, number>()
  /** The latest expiry of all that were minted, seconds. */
  #latestExpiryS = 0

  constructor(secret: Buffer = randomBytes(32)) {
    this.#secret = secret
  }

  mint({ sub, mid, member }: RelayOwner, nowMs: number): MintedCredentials {
    // After those that were revoked, whatever the clock says: whoever is let in again has relay credentials at once.
    const revoked = scopesOf(shortHash(sub), shortHash(mid)).map((scope) =>
      this.#revokedUpTo(scope),
    )
    const expiry = Math.max(Math.floor(nowMs / 1000) + TTL_S, ...revoked.map((until) => until + 1))
    this.#latestExpiryS = Math.max(this.#latestExpiryS, expiry)
    const name = plain.test(member) ? member : shortHash(member)
    const username = `${expiry}:${shortHash(sub)}:${shortHash(mid)}:${name}`
    return { username, credential: this.#passwordFor(username), expiresAtMs: expiry * 1000 }
  }

  /** Null when the username is not ours, expired or revoked. */
  passwordOf(username: string, nowMs: number): string | null {
    const [, expiry] = pattern.exec(username) ?? []
    if (Number(expiry ?? 0) * 1000 <= nowMs || this.isRevoked(username)) return null
    return this.#passwordFor(username)
  }

  /** Live allocations made with a username that is revoked are ended with `Tunnel.drop`. */
  revoke({ sub, mid, atMs }: RelayScope): void {
    if (sub === undefined && mid === undefined) return
    const atS = Math.floor(atMs / 1000)
    for (const [scope, until] of this.#revoked) if (until < atS) this.#revoked.delete(scope)
    const [account, meeting] = [sub, mid].map((id) => (id === undefined ? '' : shortHash(id)))
    this.#revoked.set(`${account}:${meeting}`, Math.max(atS + TTL_S, this.#latestExpiryS))
  }

  /** True also for one that has expired, whose allocation may live on. */
  isRevoked(username: string): boolean {
    const [, expiry, account, meeting] = pattern.exec(username) ?? []
    return scopesOf(account, meeting).some((scope) => Number(expiry) <= this.#revokedUpTo(scope))
  }

  #revokedUpTo(scope: string): number {
    return this.#revoked.get(scope) ?? 0
  }

  #passwordFor(username: string): string {
    return createHmac('sha256', this.#secret).update(username).digest('base64')
  }
}

/** Whom a username belongs to: all of it but the expiry, so that renewal does not widen a quota. */
export function ownerOf(username: string): string {
  return username.slice(username.indexOf(':') + 1)
}

/** The account part of an owner: the same for every member that an account makes for itself. */
export function accountOf(owner: string): string {
  return owner.slice(0, owner.indexOf(':'))
}

function scopesOf(account = '', meeting = ''): readonly string[] {
  return [`${account}:`, `:${meeting}`, `${account}:${meeting}`]
}

// Ids are worth hiding from whoever reads a TURN log; the hash still tells them apart.
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
