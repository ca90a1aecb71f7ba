/** The tables as Kysely knows them; the database writes the same names in snake_case. Times are milliseconds. */
import type { AccessEndReason } from '../contract/access.ts'
import type { Language } from '../contract/accounts.ts'
import type { MailState } from '../contract/mail.ts'
import type { MailKind } from '../domain/mail/mail.ts'
import type { AccountId, GroupId, MeetingId } from '../contract/ids.ts'
import type { ProfileName } from '../contract/switches.ts'
import type {
  AccountTable,
  AccountWordTable,
  CredentialTable,
  SessionTable,
  ApiTokenTable,
  KnownDeviceTable,
  LinkTable,
} from './account-tables.ts'
import type { AuditCheckpointTable, AuditEntryTable, AuditNodeTable } from './audit-tables.ts'
import type {
  MeetingTable,
  MeetingWordTable,
  InviteTable,
  AttendanceTable,
  StayTable,
} from './meeting-tables.ts'
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

/** Rows that are taken for the length of a transaction. */
interface TurnTable {
  readonly name: string
  readonly taken: number
}

export interface AccessEndTable {
  /** Null: everybody's. */
  readonly accountId: AccountId | null
  /** Null: for every meeting. */
  readonly meetingId: MeetingId | null
  readonly atMs: number
  readonly reason: AccessEndReason
}

interface SettingTable {
  readonly area: string
  /** JSON. */
  readonly value: string
  readonly changedAt: number
  /** Grows with every change. */
  readonly version: number
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
  /** A meeting, or a word of `aboutOf`; empty: nothing that a newer mail would replace. */
  readonly about: string
  /** 1 when it may have reached its recipient: it was taken, is under way, or no answer came. */
  readonly reached: 0 | 1
  readonly createdAt: number
  readonly giveUpAt: number
  readonly nextTryAt: number
  readonly tries: number
  readonly triedAt: number | null
  /** What the mail server said last, or why it said nothing; empty before the first try. */
  readonly answer: string
  /** When it was sent, given up or withdrawn. */
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
  /** Grows with every change. */
  readonly version: number
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
  /** Of the policy as a whole, when this profile was last written. */
  readonly version: number
}
