/** The tables as Kysely knows them; the database writes the same names in snake_case. Times are milliseconds. */
import type { AccessEndReason } from '../contract/access.ts'
import type { Language, Role } from '../contract/accounts.ts'
import type { MailState } from '../contract/mail.ts'
import type { MailKind } from '../domain/mail/mail.ts'
import type { AccountId, ApiTokenId, GroupId, MeetingId } from '../contract/ids.ts'
import type { ProfileName } from '../contract/switches.ts'
import type { AuditCheckpointTable, AuditEntryTable, AuditNodeTable } from './audit-tables.ts'
import type { LimitTable } from './places.ts'

export interface Tables {
  accounts: AccountTable
  accountWords: AccountWordTable
  turns: TurnTable
  credentials: CredentialTable
  sessions: SessionTable
  knownDevices: KnownDeviceTable
  links: LinkTable
  meetings: MeetingTable
  meetingWords: MeetingWordTable
  invites: InviteTable
  accessEnds: AccessEndTable
  attendance: AttendanceTable
  stays: StayTable
  auditEntries: AuditEntryTable
  auditNodes: AuditNodeTable
  auditCheckpoints: AuditCheckpointTable
  settings: SettingTable
  installation: InstallationTable
  mails: MailTable
  groups: GroupTable
  apiTokens: ApiTokenTable
  profiles: ProfileTable
  groupMembers: GroupMemberTable
  groupDomains: GroupDomainTable
  limits: LimitTable
}

/** `deleted`: what is kept of somebody who organised or took part in a meeting: a name, and no address. */
export type AccountState = 'invited' | 'active' | 'disabled' | 'deleted'
export type LinkPurpose = 'setup' | 'validate' | 'reset'

export interface AccountTable {
  readonly id: AccountId
  /** Normalised, unique. */
  readonly email: string
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
interface AccountWordTable {
  readonly accountId: AccountId
  readonly word: string
}

/** Rows that are taken for the length of a transaction. */
interface TurnTable {
  readonly name: string
  readonly taken: number
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

export interface MeetingTable {
  readonly id: MeetingId
  readonly organiserId: AccountId
  readonly title: string
  readonly startsAt: number
  readonly durationMin: number
  readonly createdAt: number
  readonly cancelledAt: number | null
  /** The meeting session, made at the first join. */
  readonly msid: string | null
  /** 1 when its link carries a secret that only the organiser's browser knows, else 0: SQLite has no booleans. */
  readonly ownLink: 0 | 1
  /** IANA time zone of the organiser; empty for meetings planned before zones were kept. */
  readonly zone: string
  /** How often it was changed: the SEQUENCE of calendar entries (RFC 5545 section 3.8.7.4). */
  readonly sequence: number
  readonly profile: ProfileName
  /** JSON (`Restrictions`): what profile and groups of the organiser allowed when it was planned. */
  readonly restrictions: string
  /** This long after its start it is over for everybody, whoever is in it; null when nothing limits it. */
  readonly maxDurationMin: number | null
  /** When an administrator ended it. */
  readonly endedAt: number | null
}

/** How meetings are found: each word of a title. */
interface MeetingWordTable {
  readonly meetingId: MeetingId
  readonly word: string
}

export interface InviteTable {
  readonly meetingId: MeetingId
  readonly accountId: AccountId
  readonly invitedAt: number
  /** Put out of the meeting, and not invited again since. */
  readonly excludedAt: number | null
  /** As the organiser called this person, or empty; nobody else is shown it. */
  readonly givenName: string
}

export interface AccessEndTable {
  /** Null: everybody's. */
  readonly accountId: AccountId | null
  /** Null: for every meeting. */
  readonly meetingId: MeetingId | null
  readonly atMs: number
  readonly reason: AccessEndReason
}

interface AttendanceTable {
  readonly meetingId: MeetingId
  readonly accountId: AccountId
  /** When this account last got a token for this meeting. */
  readonly tokenAt: number
}

/** Somebody's connection to a meeting whose policy keeps attendance. */
export interface StayTable {
  readonly id: string
  readonly meetingId: MeetingId
  readonly accountId: AccountId
  readonly joinedAt: number
  /** Null while it lasts. */
  readonly leftAt: number | null
}

interface SettingTable {
  readonly area: string
  /** JSON. */
  readonly value: string
  readonly changedAt: number
}

interface InstallationTable {
  /** Of a file in `keys/`. */
  readonly name: string
  readonly mark: string
}

export interface MailTable {
  /** What stands before the @ of its Message-ID. */
  readonly id: string
  readonly kind: MailKind
  /** Normalised address. */
  readonly recipient: string
  readonly language: Language
  /** What it says, sealed; empty once it is of no use any more. */
  readonly content: string
  readonly state: MailState
  readonly createdAt: number
  readonly giveUpAt: number
  readonly nextTryAt: number
  readonly tries: number
  readonly triedAt: number | null
  /** What the mail server said last, or why it said nothing; empty before the first try. */
  readonly answer: string
  /** When it was sent or given up. */
  readonly endedAt: number | null
}

export interface GroupTable {
  readonly id: GroupId
  readonly name: string
  /** Small letters without accents, unique: two groups of one name cannot be told apart. */
  readonly plainName: string
  /** JSON (`Restrictions`). */
  readonly restrictions: string
  readonly createdAt: number
}

interface GroupMemberTable {
  readonly groupId: GroupId
  readonly accountId: AccountId
  readonly addedAt: number
}

interface GroupDomainTable {
  readonly groupId: GroupId
  /** In IDNA form, small letters: what stands behind the @ of an address. */
  readonly domain: string
}

export interface ProfileTable {
  readonly name: ProfileName
  /** JSON. */
  readonly value: string
  /** 1 for what meetings have whose organiser chose none. */
  readonly preset: 0 | 1
}
