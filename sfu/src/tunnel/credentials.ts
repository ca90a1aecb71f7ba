/** Short-lived relay credentials of one member in one meeting session, checked without storing any. */
import { createHash, createHmac, randomBytes } from 'node:crypto'

const TTL_S = 600
const pattern = /^(\d{1,11}):([A-Za-z0-9_-]{1,64}:[A-Za-z0-9_-]{1,128})$/

export interface MintedCredentials {
  readonly username: string
  readonly credential: string
  readonly expiresAtMs: number
}

/**
 * Username: `<expiry, seconds>:<session>:<member>`; password: base64(HMAC-SHA-256(secret, username)), the scheme
 * known as TURN REST. Valid for making allocations; those that exist live on while they are refreshed.
 */
export class RelaySecret {
  readonly #secret: Buffer
  /** Owner to the second after which none of its credentials is valid any more. */
  readonly #revoked = new Map<string, number>()

  constructor(secret: Buffer = randomBytes(32)) {
    this.#secret = secret
  }

  mint(member: string, session: string, nowMs: number): MintedCredentials {
    const expiry = Math.floor(nowMs / 1000) + TTL_S
    const username = `${expiry}:${ownerName(member, session)}`
    return { username, credential: this.#passwordFor(username), expiresAtMs: expiry * 1000 }
  }

  /** Null when the username is not ours, expired or revoked. */
  passwordOf(username: string, nowMs: number): string | null {
    const [, expiry, owner] = pattern.exec(username) ?? []
    if (expiry === undefined || owner === undefined) return null
    if (Number(expiry) * 1000 <= nowMs || this.#revoked.has(owner)) return null
    return this.#passwordFor(username)
  }

  /** No new allocation for this member in this session. Live ones are ended with `Tunnel.drop`. */
  revoke(member: string, session: string, nowMs: number): void {
    const nowS = Math.floor(nowMs / 1000)
    for (const [owner, until] of this.#revoked) if (until < nowS) this.#revoked.delete(owner)
    this.#revoked.set(ownerName(member, session), nowS + TTL_S)
  }

  #passwordFor(username: string): string {
    return createHmac('sha256', this.#secret).update(username).digest('base64')
  }
}

/** Whom a username belongs to: all of it but the expiry, so that renewal does not widen a quota. */
export function ownerOf(username: string): string {
  return username.slice(username.indexOf(':') + 1)
}

/** What `ownerOf` gives for the credentials of this member in this session. */
export function ownerName(member: string, session: string): string {
  return `${shortHash(session)}:${plain.test(member) ? member : shortHash(member)}`
}

const plain = /^[A-Za-z0-9_-]{1,128}$/

// The session id is worth hiding from whoever reads a TURN log; the hash still tells sessions apart.
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
