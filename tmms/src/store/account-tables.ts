/** The tables of accounts and of what opens them. */
import type { Language, Role } from '../contract/accounts.ts'
import type { AccountId, ApiTokenId, MeetingId } from '../contract/ids.ts'

/** `deleted`: what is kept of somebody who organised or took part in a meeting: a name, and no address. */
export type AccountState = 'invited' | 'active' | 'disabled' | 'deleted'
export type LinkPurpose = 'setup' | 'validate' | 'reset'

export interface AccountTable {
  readonly id: AccountId
  /** Normalised, unique. */
  readonly email: string
  /** What stands behind its @; empty for a deleted account. */
  readonly domain: string
  readonly firstName: string
  readonly lastName: string
  readonly role: Role
  readonly state: AccountState
  readonly language: Language
  readonly createdAt: number
  /** 0: never. */
  readonly lastSignInAt: number
  /** What a list sorted by name is sorted by. */
  readonly nameKey: string
  /** Grows with every change. */
  readonly version: number
}

/** How people are found: each word of a name or an address. */
export interface AccountWordTable {
  readonly accountId: AccountId
  readonly word: string
}

export interface CredentialTable {
  readonly accountId: AccountId
  readonly v: number
  /** Base64url, 16 bytes: the client's salt. */
  readonly salt: string
  readonly m: number
  readonly t: number
  readonly p: number
  /** Base64url, 16 bytes: the server's salt. */
  readonly s2: string
  /** Base64url: scrypt(HMAC(pepper, auth), s2). */
  readonly stored: string
}

export interface SessionTable {
  /** Base64url SHA-256 of the cookie's token. */
  readonly tokenHash: string
  readonly accountId: AccountId
  readonly createdAt: number
  readonly expiresAt: number
  readonly remembered: 0 | 1
  /** Not to the second. */
  readonly usedAt: number
  /** Milliseconds without use after which it ends; null: no limit. */
  readonly idleMs: number | null
}

export interface ApiTokenTable {
  readonly id: ApiTokenId
  /** Base64url SHA-256 of the whole token, prefix included. */
  readonly tokenHash: string
  readonly accountId: AccountId
  readonly name: string
  /** With a blank between them. */
  readonly scopes: string
  readonly createdAt: number
  readonly expiresAt: number
  /** To the minute; 0: never. */
  readonly lastUsedAt: number
}

export interface KnownDeviceTable {
  readonly deviceHash: string
  readonly accountId: AccountId
  readonly seenAt: number
}

export interface LinkTable {
  readonly tokenHash: string
  readonly purpose: LinkPurpose
  /** Null for `setup` only. */
  readonly accountId: AccountId | null
  /** The meeting that the mail was about. */
  readonly meetingId: MeetingId | null
  readonly salt: string
  readonly m: number
  readonly t: number
  readonly p: number
  readonly createdAt: number
  /** Null: does not expire. */
  readonly expiresAt: number | null
  readonly usedAt: number | null
}
