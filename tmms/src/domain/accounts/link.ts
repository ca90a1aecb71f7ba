/** Links in mails: made, read, and ended with a name and a password. */
import type { AuditAction, AuditObject } from '../../contract/audit.ts'
import type { Language } from '../../contract/accounts.ts'
import type { AccountId, MeetingId } from '../../contract/ids.ts'
import { PAGES } from '../../contract/pages.ts'
import type { LinkInfo, NewCredential, PasswordParams } from '../../contract/sign-in.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord, NewAccount } from '../../store/accounts.ts'
import type { LinkRecord } from '../../store/links.ts'
import type { Rows } from '../../store/store.ts'
import type { LinkPurpose } from '../../store/account-tables.ts'
import { endingAccess } from '../access-ends.ts'
import { checkAll } from '../check-all.ts'
import type { Actor } from '../audit/actor.ts'
import { accountObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { normaliseEmail, showEmail } from './email.ts'
import { linkLifeMs } from './link-life.ts'
import { withdrawLinks } from '../mail/withdrawing.ts'
import { meetingLink } from '../meetings/meeting-link.ts'
import { cleanName } from './names.ts'
import type { Verified } from '../sign-in/session.ts'
import { hashToken, makeId, makeToken } from '../secret.ts'
import { readSettings } from '../settings/read.ts'

/** What it is called in the audit log that a link was followed to its end. */
const DEEDS = {
  setup: 'setup',
  validate: 'account-validated',
  reset: 'password-changed',
} as const satisfies Record<LinkPurpose, AuditAction>

export interface Acceptance {
  readonly token: string
  readonly email?: string | undefined
  readonly firstName: string
  readonly lastName: string
  readonly language: Language
  readonly credential: NewCredential
}

export interface LinkTarget {
  readonly accountId: AccountId | null
  readonly meetingId?: MeetingId
  /** Unless it is the purpose that says when the link ends. */
  readonly expiresAt?: number
}

/** The whole URL of a new link. Its token is nowhere but in it. */
export async function issueLink(
  { origin, passwords, now }: Context,
  rows: Rows,
  purpose: LinkPurpose,
  target: LinkTarget,
): Promise<string> {
  const token = makeToken()
  const createdAt = now()
  const life = purpose === 'setup' ? null : await linkLifeMs(rows, purpose)
  const { salt, m, t, p } = passwords.freshParams()
  await rows.links.add({
    tokenHash: hashToken(token),
    purpose,
    accountId: target.accountId,
    meetingId: target.meetingId ?? null,
    salt,
    m,
    t,
    p,
    createdAt,
    expiresAt: target.expiresAt ?? (life === null ? null : createdAt + life),
    usedAt: null,
  })
  return `${origin}${purpose === 'setup' ? PAGES.setup : PAGES.link}#${token}`
}

/** A fresh set-up link, which ends the earlier ones, or null when there is an administrator. */
export async function issueSetupLink(context: Context): Promise<string | null> {
  return context.store.atomically(async (rows) => {
    await rows.links.dropSetup()
    if (await rows.accounts.hasAdministrator()) return null
    return issueLink(context, rows, 'setup', { accountId: null })
  })
}

/** @throws {TmmsError} `link-unknown`, `link-expired` or `link-used`. */
export async function readLink(context: Context, actor: Actor, token: string): Promise<LinkInfo> {
  const { link, account } = await notedLink(context, actor, token)
  return {
    purpose: link.purpose,
    email: account === null ? '' : showEmail(account.email),
    firstName: account?.firstName ?? '',
    lastName: account?.lastName ?? '',
    role: account?.role ?? 'administrator',
    params: paramsGiven(link),
    rules: await readSettings(context.store, 'passwords'),
    next: await nextOf(context, link),
  }
}

/**
 * Ends the link: the account is active and has this credential afterwards.
 * @throws {TmmsError} as `readLink`, `invalid-name`, `invalid-email`, `account-exists`, `weak-parameters`, `bad-request`.
 */
export async function acceptLink(
  context: Context,
  actor: Actor,
  acceptance: Acceptance,
): Promise<Verified & { readonly next: string | null }> {
  const { link } = await notedLink(context, actor, acceptance.token)
  const { email, ...names } = checkAll({
    firstName: () => cleanName(acceptance.firstName, 'firstName'),
    lastName: () => cleanName(acceptance.lastName, 'lastName'),
    email: () => (link.purpose === 'setup' ? normaliseEmail(acceptance.email ?? '') : ''),
  })
  const id = link.accountId ?? (makeId() as AccountId)
  // Slow, so before the transaction: the database has one connection.
  const credential = await context.passwords.seal(id, acceptance.credential, paramsGiven(link))
  const nowMs = context.now()
  const account = await endingAccess(context, async (rows, end) => {
    const current = await usableLink(context, rows, acceptance.token)
    if (!(await rows.links.use(link.tokenHash, nowMs))) throw used()
    const { language } = acceptance
    if (current.account === null) {
      const fresh = { id, email, ...names, language, createdAt: nowMs }
      await addAdministrator(rows, fresh)
    } else if (link.purpose === 'validate') {
      await rows.accounts.change(id, { ...names, language, state: 'active' })
    }
    // A reset changes the credential alone: whoever can read a mail may not rename the account.
    await rows.accounts.keepCredential(credential)
    await rows.links.useAll(id, 'validate', nowMs)
    await rows.links.useAll(id, 'reset', nowMs)
    if (current.account !== null) await withdrawLinks(rows, current.account, nowMs)
    await rows.sessions.revokeAll(id)
    if (link.purpose === 'reset') await end({ sub: id, reason: 'signed-out' })
    const account = await rows.accounts.byId(id)
    if (account !== undefined) {
      const deed = { action: DEEDS[link.purpose], object: accountObject(account) }
      await record(rows, { account, from: actor.from }, nowMs, deed)
    }
    return account
  })
  if (account === undefined) throw unknown()
  return { account, stored: credential.stored, next: await nextOf(context, link) }
}

async function addAdministrator(
  rows: Rows,
  fresh: Omit<NewAccount, 'role' | 'state'>,
): Promise<void> {
  if ((await rows.accounts.byEmail(fresh.email)) !== undefined) {
    throw new TmmsError('account-exists', 'This address has an account already.', {
      field: 'email',
    })
  }
  await rows.accounts.add({ ...fresh, role: 'administrator', state: 'active' })
}

/** Writes down a refusal, with the account that the link was for. */
async function notedLink(context: Context, actor: Actor, token: string): Promise<UsableLink> {
  try {
    return await usableLink(context, context.store, token)
  } catch (error) {
    if (error instanceof TmmsError) {
      const about = hashToken(token)
      const object = async (rows: Rows): Promise<AuditObject> => {
        const id = (await rows.links.byHash(about))?.accountId ?? null
        const account = id === null ? undefined : await rows.accounts.byId(id)
        return account === undefined ? { kind: 'server', id: '', name: '' } : accountObject(account)
      }
      const reason = error.code
      context.refusals.note(actor, { action: 'link-refused', reason, about, object })
    }
    throw error
  }
}

interface UsableLink {
  readonly link: LinkRecord
  readonly account: AccountRecord | null
}

async function usableLink(context: Context, rows: Rows, token: string): Promise<UsableLink> {
  const link = await rows.links.byHash(hashToken(token))
  if (link === undefined) throw unknown()
  if (link.usedAt !== null) throw used()
  if (link.expiresAt !== null && link.expiresAt <= context.now()) {
    throw new TmmsError('link-expired', 'This link has expired; ask for a new one.')
  }
  if (link.accountId === null) {
    if (await rows.accounts.hasAdministrator()) throw used()
    return { link, account: null }
  }
  const account = await rows.accounts.byId(link.accountId)
  if (account === undefined || account.state === 'disabled') throw unknown()
  if (link.purpose === 'validate' && account.state !== 'invited') throw used()
  return { link, account }
}

// To a meeting whose link the organiser hands over this server knows no way that would let anybody take part.
async function nextOf(context: Context, { meetingId }: LinkRecord): Promise<string | null> {
  if (meetingId === null || (await context.store.meetings.hasOwnLink(meetingId))) return null
  return meetingLink(meetingId, context.rootThumbprint)
}

function paramsGiven({ salt, m, t, p }: LinkRecord): PasswordParams {
  return { v: 1, kdf: 'argon2id', salt, m, t, p }
}

const unknown = (): TmmsError => new TmmsError('link-unknown', 'This link is not known here.')
const used = (): TmmsError => new TmmsError('link-used', 'This link has been used already.')
