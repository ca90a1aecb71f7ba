/** The list of people as a table for spreadsheets. */
import type { Language } from '../../contract/accounts.ts'
import type { Narrowed } from '../../contract/people.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { PeoplePlace } from '../../store/people.ts'
import type { Actor } from '../audit/actor.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { wallClock, writeCsv } from '../csv.ts'
import { checkZone } from '../meetings/meeting-time.ts'
import { filterOf } from './list.ts'
import { accountRow } from './person.ts'

const AT_ONCE = 500
/** The first five are those that a table of invitations is read by. */
const HEADERS: Readonly<Record<Language, (zone: string) => readonly string[]>> = {
  en: (zone) => [
    ...['Email', 'First name', 'Last name', 'Role', 'Language', 'State'],
    ...[`Created (${zone})`, `Last sign-in (${zone})`],
  ],
  fr: (zone) => [
    ...['Adresse', 'Prénom', 'Nom', 'Rôle', 'Langue', 'État'],
    ...[`Création (${zone})`, `Dernière connexion (${zone})`],
  ],
}

/** @throws {TmmsError} `bad-request` when there is no such time zone. */
export async function exportPeople(
  context: Context,
  actor: Actor,
  { zone: wanted, ...narrowed }: Narrowed & { readonly zone?: string },
): Promise<string> {
  const { store, now } = context
  const zone = checkZone(wanted, context.timeZone)
  const language = actor.account?.language ?? 'en'
  const table: (readonly string[])[] = [HEADERS[language](zone)]
  const range = { order: narrowed.sort, descending: narrowed.order === 'desc', limit: AT_ONCE }
  let after: PeoplePlace | null = null
  do {
    const page = await store.people.page({ ...range, after }, filterOf(narrowed))
    table.push(...page.rows.map((account) => lineOf(account, zone)))
    after = page.next
  } while (after !== null)
  await store.atomically((rows) =>
    record(rows, actor, now(), {
      action: 'export',
      object: { kind: 'server', id: 'accounts', name: 'accounts' },
      details: { rows: table.length - 1 },
    }),
  )
  return writeCsv(table, language)
}

function lineOf(account: AccountRecord, zone: string): readonly string[] {
  const { email, firstName, lastName, role, language, state } = accountRow(account)
  const { createdAt, lastSignInAt } = account
  const signedIn = lastSignInAt === 0 ? '' : wallClock(lastSignInAt, zone)
  return [email, firstName, lastName, role, language, state, wallClock(createdAt, zone), signedIn]
}
