/** Reads a table of people out of a CSV file, whatever program wrote it. */
import { parse } from 'csv-parse/browser/esm/sync'

type Column = 'email' | 'firstName' | 'lastName' | 'role' | 'language'

/** One line of the file, with what stands in it; columns that the file lacks are not there. */
export type Line = { readonly line: number } & Readonly<Partial<Record<Column, string>>>

export type Table =
  | {
      readonly lines: readonly Line[]
      /** The file is not in UTF-8, and was read as most likely meant: its accents want a look. */
      readonly western: boolean
    }
  | {
      readonly fault: 'no-header' | 'no-lines' | 'too-many-lines' | 'broken'
      readonly line: number
    }

export const LINES_MAX = 10_000

const HEADS: Readonly<Record<string, Column>> = {
  email: 'email',
  'e-mail': 'email',
  mail: 'email',
  address: 'email',
  'e-mail address': 'email',
  'email address': 'email',
  adresse: 'email',
  courriel: 'email',
  'adresse e-mail': 'email',
  'adresse mail': 'email',
  'adresse electronique': 'email',
  'first name': 'firstName',
  firstname: 'firstName',
  'given name': 'firstName',
  prenom: 'firstName',
  'last name': 'lastName',
  lastname: 'lastName',
  surname: 'lastName',
  'family name': 'lastName',
  nom: 'lastName',
  'nom de famille': 'lastName',
  role: 'role',
  language: 'language',
  langue: 'language',
}
const SEPARATORS = [';', '\t', ','] as const

export function readTable(bytes: Uint8Array): Table {
  const { text, western } = decode(bytes)
  const records = recordsOf(text)
  if (typeof records === 'number') return { fault: 'broken', line: records }
  const [head, ...rest] = records
  const columns = (head?.cells ?? []).map((cell) => HEADS[plain(cell)])
  if (!columns.includes('email')) return { fault: 'no-header', line: head?.line ?? 1 }
  if (rest.length === 0) return { fault: 'no-lines', line: 1 }
  if (rest.length > LINES_MAX) return { fault: 'too-many-lines', line: rest[LINES_MAX]?.line ?? 1 }
  return { lines: rest.map((record) => lineOf(columns, record)), western }
}

interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

/** @returns the number of the line that cannot be read, when there is one. */
function recordsOf(text: string): readonly CsvRecord[] | number {
  try {
    const found = parse(text, {
      delimiter: separatorOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
      info: true,
    }) as unknown as readonly { record: readonly string[]; info: { lines: number } }[]
    return found.map(({ record, info }) => ({ cells: record, line: info.lines }))
  } catch (error) {
    return Number((error as { lines?: unknown }).lines ?? 1)
  }
}

/** Of the first line: what stands in it most. */
function separatorOf(text: string): string {
  const [head = ''] = text.split(/\r\n|\n|\r/u, 1)
  const count = (sign: string): number => head.split(sign).length
  return SEPARATORS.toSorted((one, other) => count(other) - count(one))[0] ?? ';'
}

function decode(bytes: Uint8Array): { text: string; western: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), western: false }
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), western: true }
  }
}

function lineOf(columns: readonly (Column | undefined)[], { line, cells }: CsvRecord): Line {
  const found: Partial<Record<Column, string>> = {}
  columns.forEach((column, at) => {
    // What our own table put before a formula.
    if (column !== undefined) found[column] ??= (cells[at] ?? '').replace(/^'(?=[=+\-@])/u, '')
  })
  return { line, ...found }
}

function plain(cell: string): string {
  return cell.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim()
}
