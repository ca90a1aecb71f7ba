/** What the rules work with: made once by app.ts and passed to them. */
import type { Store } from '../store/store.ts'
import type { AccountId, MeetingId } from '../contract/ids.ts'
import type { Mailer } from './mailer.ts'
import type { Passwords } from './accounts/password.ts'

/** Tokens of this account for this meeting that are not newer than this are worth nothing any more. */
export interface Exclusion {
  readonly mid: MeetingId
  readonly sub: AccountId
  readonly atMs: number
}

export interface Context {
  readonly store: Store
  readonly passwords: Passwords
  readonly mailer: Mailer
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** `https://host[:port]`. */
  readonly origin: string
  readonly rootThumbprint: string
  /** Work that nobody waits for, so that a reply does not show whether there was any. */
  readonly later: (work: () => Promise<void>) => void
  /** Tells the TCS, which may have the person connected. */
  readonly onExcluded: (exclusion: Exclusion) => void
  /** Tells the log that a mail was lost; the addressee is not named. */
  readonly onLostMail: (kind: string, error: unknown) => void
}
