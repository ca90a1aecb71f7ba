/** Accounts: inviting, listing, choosing a language. */
import type { Language, Role } from '../../contract/accounts.ts'
import type { AccountId } from '../../contract/ids.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { Rows } from '../../store/store.ts'
import type { Actor, Person } from '../audit/actor.ts'
import { accountObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { queueMail } from '../mail/queue.ts'
import { normaliseEmail, showEmail } from './email.ts'
import { issueLink } from './link.ts'
import { displayName, proposedName } from './names.ts'
import { pageOf, placeOf, type Page, type PageRequest, type Place } from '../paging.ts'
import { plainText } from '../plain-text.ts'
import { makeId } from '../secret.ts'

const SEARCHED_AT_ONCE = 500

export interface AccountInvitation {
  readonly email: string
  readonly role: Role
  readonly language: Language
  readonly firstName?: string
  readonly lastName?: string
}

/**
 * Invites somebody, or mails somebody again who has not yet answered.
 * @throws {TmmsError} `invalid-email`, `account-exists`.
 */
export async function inviteAccount(
  context: Context,
  actor: Actor,
  invitation: AccountInvitation,
): Promise<AccountRecord> {
  const email = normaliseEmail(invitation.email)
  const { role, language } = invitation
  return context.store.atomically(async (rows) => {
    const known = await rows.accounts.byEmail(email)
    if (known !== undefined && known.state !== 'invited') {
      throw new TmmsError('account-exists', 'This address has an account already.', {
        field: 'email',
      })
    }
    const account =
      known === undefined
        ? await addInvited(rows, { ...invitation, email, createdAt: context.now() })
        : { ...known, role, language }
    await rows.accounts.change(account.id, { role, language })
    const link = await issueLink(context, rows, 'validate', { accountId: account.id })
    const object = accountObject(account)
    await record(rows, actor, context.now(), {
      action: 'account-invited',
      object,
      details: { role },
    })
    await queueMail(context, rows, account, { kind: 'welcome', role, link })
    return account
  })
}

/** Adds somebody who has yet to validate the account. */
export async function addInvited(
  rows: Rows,
  person: AccountInvitation & Pick<AccountRecord, 'createdAt'>,
): Promise<AccountRecord> {
  const { email, role, language, createdAt } = person
  const account = {
    id: makeId() as AccountId,
    email,
    firstName: proposedName(person.firstName),
    lastName: proposedName(person.lastName),
    role,
    state: 'invited' as const,
    language,
    createdAt,
  }
  await rows.accounts.add(account)
  return account
}

/** Newest first; `query` is looked for in addresses and names, whatever the case and accents. */
export async function listAccounts(
  { store }: Context,
  { q, cursor, limit }: PageRequest & { readonly q: string },
): Promise<Page<AccountRecord>> {
  const wanted = plainText(q)
  const found: AccountRecord[] = []
  let after = placeOf(cursor)
  // One more than asked for says that there is a following page.
  while (found.length <= limit) {
    const rows = await store.accounts.page(after, SEARCHED_AT_ONCE)
    found.push(...rows.filter((row) => searchText(row).includes(wanted)))
    const last = rows.at(-1)
    if (last === undefined || rows.length < SEARCHED_AT_ONCE) break
    after = placeOfAccount(last)
  }
  return pageOf(found, limit, placeOfAccount)
}

function placeOfAccount({ createdAt, id }: AccountRecord): Place {
  return { atMs: createdAt, id }
}

function searchText(account: AccountRecord): string {
  return plainText(`${showEmail(account.email)} ${displayName(account)}`)
}

export async function chooseLanguage(
  { store, now }: Context,
  actor: Person,
  language: Language,
): Promise<AccountRecord> {
  const { account } = actor
  if (language === account.language) return account
  await store.atomically(async (rows) => {
    await rows.accounts.change(account.id, { language })
    const object = accountObject(account)
    await record(rows, actor, now(), { action: 'account-changed', object, details: { language } })
  })
  return { ...account, language }
}
