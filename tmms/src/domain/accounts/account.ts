/** Accounts: adding somebody who is invited, choosing a language. */
import type { Language, Role } from '../../contract/accounts.ts'
import type { AccountId } from '../../contract/ids.ts'
import type { AccountRecord, NewAccount } from '../../store/accounts.ts'
import type { Rows } from '../../store/store.ts'
import type { Person } from '../audit/actor.ts'
import { accountObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { makeId } from '../secret.ts'
import { proposedName } from './names.ts'

export interface AccountInvitation {
  readonly email: string
  readonly role: Role
  readonly language: Language
  readonly firstName?: string
  readonly lastName?: string
}

/** Adds somebody who has yet to validate the account. */
export async function addInvited(
  rows: Rows,
  person: AccountInvitation & Pick<NewAccount, 'createdAt'>,
): Promise<NewAccount> {
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
