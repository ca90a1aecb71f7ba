/** The tables of meetings and of who is in them. */
import type { AccountId, MeetingId } from '../contract/ids.ts'
import type { ProfileName } from '../contract/switches.ts'

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
export interface MeetingWordTable {
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

export interface AttendanceTable {
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
