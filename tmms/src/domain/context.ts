/** What the rules work with: made once by app.ts and passed to them. */
import type { Store } from '../store/store.ts'
import type { AccessEnd } from '../contract/access.ts'
import type { Presence } from '../contract/presence.ts'
import type { Refusals } from './audit/refusals.ts'
import type { Mail, Recipient } from './mail/mail.ts'
import type { SmtpServer } from './mail/mail-route.ts'
import type { Passwords } from './accounts/password.ts'
import type { Seal } from './seal.ts'

export interface Context {
  readonly store: Store
  readonly passwords: Passwords
  /** For what the database holds for a while and nobody else may read. */
  readonly seal: Seal
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** `https://host[:port]`. */
  readonly origin: string
  readonly rootThumbprint: string
  /** IANA time zone of meetings whose organiser named none: this server's. */
  readonly timeZone: string
  /** Work that nobody waits for, so that a reply does not show whether there was any. */
  readonly later: (work: () => Promise<void>) => void
  /** Writes down what was refused. */
  readonly refusals: Pick<Refusals, 'note'>
  /** Tells the TCS, which may have the people connected. */
  readonly onAccessEnded: (end: AccessEnd) => void
  /** Who is in the meetings, as the TCS says. */
  readonly presence: Presence
  /** How long after its planned end a meeting may go on for those who are in it, hours. */
  readonly maxOverrunHours: number
  /** The mail server of the environment, which stands above the settings. */
  readonly smtp: SmtpServer | null
  /** Told when a mail is certain to be in the queue. */
  readonly onMailQueued: (to: Recipient, mail: Mail) => void
}
