/** Inviting people, one by one or many at once, and saying before what is wrong. */
import {
  language as languages,
  role as roles,
  type Language,
  type Role,
} from '../../contract/accounts.ts'
import type { ErrorCode } from '../../contract/errors.ts'
import type { AccountId } from '../../contract/ids.ts'
import type { InvitationText } from '../../contract/people.ts'
import { TmmsError, type Problem } from '../../errors.ts'
import { addInvited, type AccountInvitation } from '../accounts/account.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { Rows } from '../../store/store.ts'
import { normaliseEmail } from '../accounts/email.ts'
import { linkLifeMs } from '../accounts/link-life.ts'
import { issueLink } from '../accounts/link.ts'
import { cleanName } from '../accounts/names.ts'
import type { Actor } from '../audit/actor.ts'
import { requireInPerson } from '../audit/in-person.ts'
import { accountObject, record } from '../audit/record.ts'
import { checkAll } from '../check-all.ts'
import type { Context } from '../context.ts'
import { queueMail } from '../mail/queue.ts'
import { checkInvitable, invitableBy } from '../security/domains.ts'
import { personOf } from './administering.ts'

type Checked = Required<AccountInvitation>

/**
 * Invites somebody, or mails somebody again who has not yet answered: they keep the role and the language that they
 * have, because a pasted list is no decision about either.
 * @throws {TmmsError} `invalid-email`, `outside-domains`, `invalid-name`, `invalid-role`, `invalid-language`,
 * `account-exists`; `token-scope` when an API token would invite an administrator.
 */
export async function inviteAccount(
  context: Context,
  actor: Actor,
  invitation: InvitationText,
): Promise<{ readonly account: AccountRecord; readonly again: boolean }> {
  const checked = check(invitation)
  if (checked.role === 'administrator') requireInPerson(actor)
  return context.store.atomically(async (rows) => {
    checkInvitable(await invitableBy(rows, actor.account), checked.email)
    const known = await freeOrInvited(rows, checked.email)
    // Their role counts, not the one that was asked for.
    if (known?.role === 'administrator') requireInPerson(actor)
    const { id } = known ?? (await addInvited(rows, { ...checked, createdAt: context.now() }))
    const account = await personOf(rows, id)
    const { role } = account
    const link = await issueLink(context, rows, 'validate', { accountId: id })
    await record(rows, actor, context.now(), {
      action: 'account-invited',
      object: accountObject(account),
      details: { role },
    })
    const lifeMs = await linkLifeMs(rows, 'validate')
    await queueMail(context, rows, account, { kind: 'welcome', role, link, lifeMs })
    return { account, again: known !== undefined }
  })
}

/** @throws {TmmsError} `not-found`, `wrong-state` for somebody who is not invited any more. */
export async function inviteAgain(context: Context, actor: Actor, id: AccountId): Promise<void> {
  const { email, state, role, language } = await personOf(context.store, id)
  if (state !== 'invited') {
    throw new TmmsError('wrong-state', 'This account is not waiting for its owner.')
  }
  await inviteAccount(context, actor, { email, role, language })
}

/** What is wrong with each, in the order given; nothing is written. */
export async function checkInvitations(
  { store }: Context,
  actor: Actor,
  invitations: readonly InvitationText[],
): Promise<readonly (readonly Problem[])[]> {
  const rule = await invitableBy(store, actor.account)
  const listed = new Set<string>()
  const results: Problem[][] = []
  for (const invitation of invitations) {
    results.push(
      await problemsIn(async () => {
        const { email } = check(invitation)
        if (listed.has(email)) throw about('listed-twice', 'This address stands in the list twice.')
        listed.add(email)
        checkInvitable(rule, email)
        if ((await freeOrInvited(store, email)) !== undefined)
          throw about('already-invited', 'This address was invited already, and has not answered.')
      }),
    )
  }
  return results
}

/** Each by itself: what is wrong with those that were not invited. */
export async function inviteMany(
  context: Context,
  actor: Actor,
  invitations: readonly InvitationText[],
): Promise<readonly (readonly Problem[])[]> {
  const results: Problem[][] = []
  for (const invitation of invitations) {
    results.push(await problemsIn(() => inviteAccount(context, actor, invitation)))
  }
  return results
}

async function problemsIn(work: () => Promise<unknown>): Promise<Problem[]> {
  try {
    await work()
    return []
  } catch (error) {
    if (!(error instanceof TmmsError) || error.code === 'internal') throw error
    const { code, field = '', problems } = error
    return problems.length > 0 ? [...problems] : [{ code, field }]
  }
}

function check({ email, role, language, firstName = '', lastName = '' }: InvitationText): Checked {
  return checkAll<Checked>({
    email: () => normaliseEmail(email),
    firstName: () => (firstName.trim() === '' ? '' : cleanName(firstName, 'firstName')),
    lastName: () => (lastName.trim() === '' ? '' : cleanName(lastName, 'lastName')),
    role: (): Role => {
      const parsed = roles.safeParse(role)
      if (parsed.success) return parsed.data
      throw new TmmsError('invalid-role', 'There is no such role.', { field: 'role' })
    },
    language: (): Language => {
      const parsed = languages.safeParse(language)
      if (parsed.success) return parsed.data
      throw new TmmsError('invalid-language', 'There is no such language.', { field: 'language' })
    },
  })
}

async function freeOrInvited(rows: Rows, email: string): Promise<AccountRecord | undefined> {
  const known = await rows.accounts.byEmail(email)
  if (known === undefined || known.state === 'invited') return known
  throw about('account-exists', 'This address has an account already.')
}

function about(code: ErrorCode, message: string): TmmsError {
  return new TmmsError(code, message, { field: 'email' })
}
