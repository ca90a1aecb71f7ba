/** Accounts as others see them. */
import type { Account, AccountRow } from '../contract/accounts.ts'
import { showEmail } from '../domain/accounts/email.ts'
import type { AccountRecord } from '../store/accounts.ts'

export function accountReply(record: AccountRecord): Account {
  const { id, email, firstName, lastName, role, language } = record
  return { id, email: showEmail(email), firstName, lastName, role, language }
}

export function accountRow(record: AccountRecord): AccountRow {
  const { state, createdAt } = record
  return { ...accountReply(record), state, createdAt: new Date(createdAt).toISOString() }
}
