/** Reads a table of people out of a CSV file, whatever program wrote it. */
import { parse } from 'csv-parse/browser/esm/sync'
import { findHeads, type Column, type Places } from './table-heads.ts'
import { decodeTable } from './table-text.ts'

/** One record of the file, by the line it begins on; columns that the file lacks are not there. */
export type Line = { readonly line: number } & Readonly<Partial<Record<Column, string>>>

export interface PeopleTable {
  readonly lines: readonly Line[]
  /** The file is not in Unicode, and was read as most likely meant: its accents want a look. */
  readonly western: boolean
}

export interface TableFault {
  readonly fault: 'empty' | 'not-text' | 'no-header' | 'no-lines' | 'too-many-lines' | 'broken'
  readonly line: number
}

const EMPTY = { fault: 'empty', line: 1 } as const
export const LINES_MAX = 10_000
/** What our own table put before a formula. */
const GUARD = /(^|[,;|])'(?=[\s"]*[=+\-@＝＋－＠﹦﹢﹣﹫])/gu
const SEPARATORS = [';', '\t', ',', '|'] as const

export function readTable(bytes: Uint8Array): PeopleTable | TableFault {
  const decoded = decodeTable(bytes)
  if (decoded === null) return { fault: 'not-text', line: 1 }
  const { text, western } = decoded
  if (text.trim() === '') return EMPTY
  const reads = separatorsOf(text).map((separator) => readLines(text, separator))
  const [likeliest] = reads.toSorted((one, other) => other.certainty - one.certainty)
  if (likeliest === undefined || 'fault' in likeliest) return likeliest?.fault ?? EMPTY
  return { lines: likeliest.lines, western }
}

interface Reading {
  /** How surely the heads are those of a table of people; 0 when there are none. */
  readonly certainty: number
}

function readLines(
  text: string,
  separator: string,
): Reading & ({ readonly lines: readonly Line[] } | { readonly fault: TableFault }) {
  const failed = (fault: TableFault['fault'], line = 1, certainty = 0) => ({
    ...{ fault: { fault, line }, certainty },
  })
  const records = recordsOf(text, separator)
  if (typeof records === 'number') return failed('broken', records)
  const heads = findHeads(records.map(({ cells }) => cells))
  if (heads === null) return failed('no-header', records[0]?.line)
  const { at, places, certainty } = heads
  const rest = records.slice(at + 1)
  if (rest.length === 0) return failed('no-lines', records[at]?.line, certainty)
  if (rest.length > LINES_MAX) return failed('too-many-lines', rest[LINES_MAX]?.line, certainty)
  return { lines: rest.map((record) => lineOf(places, record)), certainty }
}

interface CsvRecord {
  /** On which it begins, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** @returns the line on which the record begins that cannot be read, when there is one. */
function recordsOf(text: string, delimiter: string): readonly CsvRecord[] | number {
  let begins = 1
  const records: CsvRecord[] = []
  try {
    parse(text.replace(SEPARATOR_LINE, ''), {
      delimiter,
      bom: true,
      record_delimiter: '\n',
      relax_column_count: true,
      trim: true,
      on_record: (cells: readonly string[], { lines }: { readonly lines: number }) => {
        if (cells.some((cell) => cell !== '')) records.push({ line: begins, cells })
        begins = lines + 1
        return null
      },
    })
    return records
  } catch {
    return begins
  }
}

/** Excel's own way of saying which sign parts the cells; the line stays, empty. */
const SEPARATOR_LINE = /^\ufeff?"?sep=(.)"?[;,\t]*(?=\n)/iu

/** The one that the file names; else the likeliest first, by how often each stands in the first lines. */
function separatorsOf(text: string): readonly string[] {
  const named = SEPARATOR_LINE.exec(text)?.[1]
  if (named !== undefined) return [named]
  const first = text.split('\n', 10).join('\n')
  const count = (sign: string): number => first.split(sign).length
  return SEPARATORS.toSorted((one, other) => count(other) - count(one))
}

function lineOf(places: Places, { line, cells }: CsvRecord): Line {
  const found: Partial<Record<Column, string>> = {}
  for (const [column, place] of places) {
    found[column] = (cells[place] ?? '').replace(GUARD, '$1')
  }
  return { line, ...found }
}
