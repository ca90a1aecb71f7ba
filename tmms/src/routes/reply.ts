/** Accounts as their owners see them. */
import type { Account } from '../contract/accounts.ts'
import { showEmail } from '../domain/accounts/email.ts'
import type { AccountRecord } from '../store/accounts.ts'

export function accountReply(record: AccountRecord): Account {
  const { id, email, firstName, lastName, role, language } = record
  return { id, email: showEmail(email), firstName, lastName, role, language }
}
