/** What the rules work with: made once by app.ts and passed to them. */
import type { Store } from '../store/store.ts'
import type { AccessEnd } from '../contract/access.ts'
import type { Mailer } from './mailer.ts'
import type { Passwords } from './accounts/password.ts'

export interface Context {
  readonly store: Store
  readonly passwords: Passwords
  readonly mailer: Mailer
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** `https://host[:port]`. */
  readonly origin: string
  readonly rootThumbprint: string
  /** IANA time zone of meetings whose organiser named none: this server's. */
  readonly timeZone: string
  /** Work that nobody waits for, so that a reply does not show whether there was any. */
  readonly later: (work: () => Promise<void>) => void
  /** Tells the TCS, which may have the people connected. */
  readonly onAccessEnded: (end: AccessEnd) => void
  /** How long after its planned end a meeting may go on for those who are in it, hours. */
  readonly maxOverrunHours: number
  /** Tells the log that a mail was lost; the addressee is not named. */
  readonly onLostMail: (kind: string, error: unknown) => void
}
