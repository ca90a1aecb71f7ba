/** Finds the line that names the columns of a table of people, and which column is what. */

export type Column = 'email' | 'firstName' | 'lastName' | 'role' | 'language'
export type Places = ReadonlyMap<Column, number>

const EMAIL = new Set([
  ...['email', 'e mail', 'mail', 'courriel', 'mel', 'email 1 value', 'e mail 1 value'],
  ...['email address', 'e mail address', 'mail address', 'adresse de messagerie'],
  ...['adresse email', 'adresse e mail', 'adresse mail', 'adresse electronique'],
  ...['email adresse', 'e mail adresse', 'mailadresse', 'courrier electronique'],
])
/** Postal addresses are called so as well. */
const ADDRESS = new Set(['adresse', 'address'])
const ABOUT_EMAIL = /\b(?:e ?mails?|mails?|courriels?|messagerie)\b/u

const OTHERS: Readonly<Record<string, Column>> = {
  'first name': 'firstName',
  firstname: 'firstName',
  'given name': 'firstName',
  prenom: 'firstName',
  vorname: 'firstName',
  'last name': 'lastName',
  lastname: 'lastName',
  surname: 'lastName',
  'family name': 'lastName',
  nom: 'lastName',
  'nom de famille': 'lastName',
  nachname: 'lastName',
  role: 'role',
  language: 'language',
  langue: 'language',
}
/** A title, a date and the like may stand above. */
const ABOVE_MAX = 10

/** @returns null when no line names a column with e-mail addresses. */
export function findHeads(
  records: readonly (readonly string[])[],
): { readonly at: number; readonly places: Places; readonly certainty: number } | null {
  let best: { at: number; places: Places; certainty: number } | null = null
  for (const [at, heads] of records.slice(0, ABOVE_MAX).entries()) {
    // People stand there, or nothing.
    if (heads.some((head) => head.includes('@'))) continue
    const found = placesOf(heads.map(plain), records.slice(at + 1))
    // Of two that look alike, the lower: the other is the title.
    if (found !== null && found.certainty >= (best?.certainty ?? 0)) best = { at, ...found }
  }
  return best
}

function placesOf(
  heads: readonly string[],
  rest: readonly (readonly string[])[],
): { places: Places; certainty: number } | null {
  const places = new Map<Column, number>()
  heads.forEach((head, place) => {
    const column = Object.hasOwn(OTHERS, head) ? OTHERS[head] : undefined
    if (column !== undefined && !places.has(column)) places.set(column, place)
  })
  const named = places.size > 0
  const candidates = heads
    .map((head, place) => ({ place, trust: trustIn(head, named), found: addressesAt(rest, place) }))
    .filter(({ trust, found }) => trust > 0 && (found > 0 || trust > 2))
    .toSorted((one, other) => rank(other) - rank(one) || other.found - one.found)
  const [email] = candidates
  if (email === undefined) return null
  places.set('email', email.place)
  return { places, certainty: rank(email) * 10 + places.size }
}

/** 4: is called so. 3: is about e-mail. 2: may be the postal address. 1: stands beside columns with known names. */
function trustIn(head: string, named: boolean): number {
  if (EMAIL.has(head)) return 4
  if (ADDRESS.has(head)) return 2
  if (ABOUT_EMAIL.test(head)) return 3
  return named && !Object.hasOwn(OTHERS, head) ? 1 : 0
}

/** A column with addresses goes before each without. */
function rank({ trust, found }: { readonly trust: number; readonly found: number }): number {
  return found > 0 ? trust + 4 : trust
}

/** With a sign that parts cells in it, it is several cells of a table that is read wrongly. */
const ADDRESS_ALONE = /^[^;,|\t]*@[^;,|\t]*$/u

function addressesAt(records: readonly (readonly string[])[], place: number): number {
  return records.filter((cells) => ADDRESS_ALONE.test(cells[place] ?? '')).length
}

function plain(cell: string): string {
  const letters = cell.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return letters.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim()
}
