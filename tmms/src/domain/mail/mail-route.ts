/** Whither mails go, and in whose name: `HC_SMTP_URL`, else the settings, else the outbox folder. */
import type { MailSettings } from '../../contract/settings.ts'
import type { Rows } from '../../store/store.ts'
import type { Actor } from '../audit/actor.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { readSettings } from '../settings/read.ts'

export interface Sender {
  readonly name: string
  readonly address: string
  /** Empty: answers go to `address`. */
  readonly replyTo: string
}

export interface SmtpServer {
  readonly host: string
  readonly port: number
  /** `starttls` and `tls` refuse to go on without. */
  readonly security: 'starttls' | 'tls' | 'none'
  /** Empty: without signing in. */
  readonly user: string
  readonly password: string
}

export interface MailRoute {
  readonly kind: 'outbox' | 'settings' | 'environment'
  /** Null for the outbox folder. */
  readonly smtp: SmtpServer | null
  readonly sender: Sender
  /** Whether a password is kept for the server of the settings. */
  readonly passwordSet: boolean
}

/** Beside the areas of contract/settings.ts, so that no route of settings reads or writes it. */
const PASSWORD_AREA = 'mail-password'

export async function mailRoute(context: Context, rows: Rows): Promise<MailRoute> {
  const settings = await readSettings(rows, 'mail')
  const password = await openPassword(context, rows, settings)
  const sender = senderOf(context, settings)
  const passwordSet = password !== null
  if (context.smtp !== null) {
    return { kind: 'environment', smtp: context.smtp, sender, passwordSet }
  }
  if (settings.host === '') return { kind: 'outbox', smtp: null, sender, passwordSet }
  const { host, port, security, user } = settings
  const smtp = { host, port, security, user, password: password ?? '' }
  return { kind: 'settings', smtp, sender, passwordSet }
}

function senderOf({ origin }: Context, settings: MailSettings): Sender {
  const address = settings.senderAddress || `no-reply@${new URL(origin).hostname}`
  return { name: settings.senderName, address, replyTo: settings.replyTo }
}

/** Sealed for the server that is set now: whoever changes the server is not handed the password of the former one. */
export async function writeMailPassword(
  context: Context,
  actor: Actor,
  password: string,
): Promise<void> {
  await context.store.atomically(async (rows) => {
    const place = placeOf(await readSettings(rows, 'mail'))
    const value = password === '' ? null : context.seal.seal(password, place)
    await rows.settings.write(PASSWORD_AREA, value, context.now())
    await record(rows, actor, context.now(), {
      action: 'setting-changed',
      object: { kind: 'setting', id: 'mail', name: 'mail' },
      details: { changed: ['password'] },
    })
  })
}

/** Whether a password is kept, sealed. */
export async function keepsMailPassword(rows: Rows): Promise<boolean> {
  return typeof (await rows.settings.read(PASSWORD_AREA)) === 'string'
}

async function openPassword(
  { seal }: Pick<Context, 'seal'>,
  rows: Rows,
  settings: MailSettings,
): Promise<string | null> {
  const sealed = await rows.settings.read(PASSWORD_AREA)
  return typeof sealed === 'string' ? seal.open(sealed, placeOf(settings)) : null
}

function placeOf({ host, port }: MailSettings): string {
  return `mail-password ${host} ${port}`
}
