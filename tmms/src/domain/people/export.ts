/** The list of people as a table for spreadsheets. */
import type { Language } from '../../contract/accounts.ts'
import type { Narrowed } from '../../contract/people.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { PeoplePlace } from '../../store/people.ts'
import type { Actor } from '../audit/actor.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { writeCsv } from '../csv.ts'
import { filterOf } from './list.ts'
import { accountRow } from './person.ts'

const AT_ONCE = 500
/** The first five are those that a table of invitations is read by. */
const HEADERS: Readonly<Record<Language, readonly string[]>> = {
  en: ['Email', 'First name', 'Last name', 'Role', 'Language', 'State', 'Created', 'Last sign-in'],
  fr: [...['Adresse', 'Prénom', 'Nom', 'Rôle', 'Langue', 'État', 'Création'], 'Dernière connexion'],
}

export async function exportPeople(
  context: Context,
  actor: Actor,
  narrowed: Narrowed,
): Promise<string> {
  const { store, now } = context
  const table: (readonly string[])[] = [HEADERS[actor.account?.language ?? 'en']]
  const range = { order: narrowed.sort, descending: narrowed.order === 'desc', limit: AT_ONCE }
  let after: PeoplePlace | null = null
  do {
    const page = await store.people.page({ ...range, after }, filterOf(narrowed))
    table.push(...page.rows.map(lineOf))
    after = page.next
  } while (after !== null)
  await store.atomically((rows) =>
    record(rows, actor, now(), {
      action: 'export',
      object: { kind: 'server', id: 'accounts', name: 'accounts' },
      details: { rows: table.length - 1 },
    }),
  )
  return writeCsv(table)
}

function lineOf(account: AccountRecord): readonly string[] {
  const { email, firstName, lastName, role, language, ...rest } = accountRow(account)
  const own = [email, firstName, lastName, role, language]
  return [...own, rest.state, rest.createdAt, rest.lastSignInAt ?? '']
}
