/** What the rules ask of the mail: who is told what. How it looks and travels is mail/'s business. */
import type { Language, Role } from '../../contract/accounts.ts'
import type { Mark } from '../../contract/switches.ts'

export interface Recipient {
  readonly email: string
  readonly language: Language
}

/** What a mail says about a meeting. */
export interface MeetingNotice {
  readonly id: string
  readonly title: string
  readonly startsAt: number
  readonly durationMin: number
  /** IANA time zone in which the mail writes its times: the organiser's. */
  readonly zone: string
  /** How often the meeting was changed: what a calendar takes the newest by. */
  readonly sequence: number
  readonly organiser: { readonly name: string; readonly email: string }
  /** Whole URL, or null when the organiser hands it over: it carries a secret that this server does not know. */
  readonly link: string | null
  /** Who is in, from when to when, is kept: invitations say so. */
  readonly attendance?: boolean
  /** Classification mark: before the subject, and on top of the text. */
  readonly mark?: Mark | null
}

/** What a meeting was when the last mail told it. */
export type ToldFacts = Pick<MeetingNotice, 'title' | 'startsAt' | 'durationMin' | 'zone'> &
  Partial<Pick<MeetingNotice, 'organiser'>>

export type Mail =
  | {
      readonly kind: 'welcome'
      readonly role: Role
      readonly link: string
      /** How long the link works, milliseconds. */
      readonly lifeMs?: number
    }
  | { readonly kind: 'reset'; readonly link: string; readonly lifeMs?: number }
  /** To both addresses. */
  | { readonly kind: 'address-changed'; readonly former: string; readonly address: string }
  /** To somebody who organises these meetings from now on. */
  | {
      readonly kind: 'handed-over'
      readonly former: string
      readonly meetings: readonly MeetingNotice[]
    }
  | {
      readonly kind: 'invitation'
      readonly meeting: MeetingNotice
      /** The account-validation link of somebody new, else null. */
      readonly validateLink: string | null
      /** When that link ends. */
      readonly validateUntil?: number
      /** As an earlier invitation may have told it whose answer never came. */
      readonly told?: ToldFacts
    }
  | {
      readonly kind: 'update'
      readonly meeting: MeetingNotice
      readonly before: ToldFacts
    }
  | {
      readonly kind: 'cancellation'
      readonly meeting: MeetingNotice
      /** Not by the organiser. */
      readonly byAdministrator?: boolean
    }
  /** To somebody who was taken off the list; the meeting goes on. */
  | {
      readonly kind: 'uninvitation'
      readonly meeting: MeetingNotice
      /** Not by the organiser. */
      readonly byAdministrator?: boolean
    }
  /** Asked for by an administrator who sets up the mail. */
  | { readonly kind: 'test' }

export type MailKind = Mail['kind']
