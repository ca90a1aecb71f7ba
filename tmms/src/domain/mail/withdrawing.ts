/** Takes mails back that were not sent, in the transaction of what made them needless. */
import type { AccountRecord } from '../../store/accounts.ts'
import type { MailRecord } from '../../store/mails.ts'
import type { Rows } from '../../store/store.ts'
import type { Context } from '../context.ts'
import { aboutOf } from './superseding.ts'
import type { MailKind } from './mail.ts'
import { contentOf, queueMail, withdraw } from './queue.ts'

const ACCOUNT = aboutOf({ kind: 'reset', link: '' })
/** An address that is nobody's any more is still told these: its calendar has the entries, and its owner may object. */
const FAREWELLS: ReadonlySet<MailKind> = new Set([
  'cancellation',
  'uninvitation',
  'address-changed',
])

/** Links to activate the account or to choose a password: they have ended. */
export async function withdrawLinks(
  rows: Rows,
  { email }: Pick<AccountRecord, 'email'>,
  nowMs: number,
): Promise<void> {
  const links = (await rows.mails.openFor(email)).filter(({ about }) => about === ACCOUNT)
  await withdrawAll(rows, links, nowMs)
}

/** Invitations and changes of a meeting that is over, or that is no longer for this person. */
export async function withdrawMeeting(
  rows: Rows,
  { id, only }: { readonly id: string; readonly only?: Pick<AccountRecord, 'email'> },
  nowMs: number,
): Promise<void> {
  const meant = await rows.mails.openAbout(id)
  const left = meant.filter(
    ({ recipient, kind }) =>
      !FAREWELLS.has(kind) && (only === undefined || recipient === only.email),
  )
  await withdrawAll(rows, left, nowMs)
}

/** The address is not this account's any more: nothing goes there but that meetings and the account are gone. */
export async function leaveAddress(
  rows: Rows,
  email: string,
  nowMs: number,
): Promise<readonly MailRecord[]> {
  const left = (await rows.mails.openFor(email)).filter(({ kind }) => !FAREWELLS.has(kind))
  await withdrawAll(rows, left, nowMs)
  return left
}

/** What still holds of that at another address goes there. */
export async function followAddress(
  context: Context,
  rows: Rows,
  {
    left,
    to,
  }: {
    readonly left: readonly MailRecord[]
    readonly to: Pick<AccountRecord, 'email' | 'language'>
  },
): Promise<void> {
  for (const mail of left.filter(({ kind }) => kind === 'handed-over')) {
    const content = contentOf(context, mail)
    if (content !== null) await queueMail(context, rows, to, content)
  }
}

async function withdrawAll(rows: Rows, mails: readonly MailRecord[], nowMs: number): Promise<void> {
  for (const mail of mails) await withdraw(rows, mail, nowMs)
}
