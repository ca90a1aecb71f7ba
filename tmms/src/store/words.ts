/** Finds by the beginnings of words: those of titles, and those of names and addresses. */
import { expressionBuilder, sql, type SqlBool } from 'kysely'
import type { AccountId } from '../contract/ids.ts'
import type { Tables } from './tables.ts'

/** Behind every word that begins with what is before it: the last code point, which no text holds. */
const LAST = '\u{10ffff}'

/** As a range, which an index of words finds. */
export function begins(column: 'accountWords.word' | 'meetingWords.word', text: string) {
  const word = sql.ref(column)
  return sql<SqlBool>`${word} >= ${text} and ${word} < ${text + LAST}`
}

/** Whether an account of the query around it has such a word. For `exists`. */
export function nameHas(account: 'accounts.id' | 'meetings.organiserId', text: string) {
  return expressionBuilder<Tables>()
    .selectFrom('accountWords')
    .select('accountWords.accountId')
    .where('accountWords.accountId', '=', sql.ref<AccountId>(account))
    .where(begins('accountWords.word', text))
}
