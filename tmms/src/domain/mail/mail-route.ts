/** Whither mails go, and in whose name. */
import type { Context } from '../context.ts'

export interface Sender {
  readonly name: string
  readonly address: string
  /** Empty: answers go to `address`. */
  readonly replyTo: string
}

interface SmtpServer {
  readonly host: string
  readonly port: number
  /** `starttls` and `tls` refuse to go on without. */
  readonly security: 'starttls' | 'tls' | 'none'
  /** Empty: without signing in. */
  readonly user: string
  readonly password: string
}

export interface MailRoute {
  /** Null: the outbox folder. */
  readonly smtp: SmtpServer | null
  readonly sender: Sender
}

export function mailRoute({ origin }: Pick<Context, 'origin'>): Promise<MailRoute> {
  const host = new URL(origin).hostname
  const sender = { name: 'Huisclos', address: `no-reply@${host}`, replyTo: '' }
  return Promise.resolve({ smtp: null, sender })
}
