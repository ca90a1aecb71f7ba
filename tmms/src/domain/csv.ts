/**
 * Tables as spreadsheets read them (RFC 4180), without formulas: https://owasp.org/www-community/attacks/CSV_Injection.
 * Which sign parts the columns is set on the reader's machine, so a cell is safe where it is parted at any of them, too.
 */
import type { Language } from '../contract/accounts.ts'

/** What spreadsheets part columns by where this language is spoken. */
const SEPARATORS: Readonly<Record<Language, string>> = { en: ',', fr: ';' }
/** The beginning of a formula, in its wide and small forms, too; before it may stand what is not seen or falls away. */
const FORMULA = /(^|[,;|])(?=[\s"]*[=+\-@＝＋－＠﹦﹢﹣﹫])/gu
const CONTROLS = /\p{Cc}+/gu

/**
 * With a byte order mark: without it, spreadsheets do not read UTF-8. There is no line `sep=`, which makes Excel pass over
 * the mark. Each row is one line: tabs and line breaks in a cell become spaces.
 */
export function writeCsv(rows: Iterable<readonly string[]>, language: Language): string {
  const lines = Array.from(rows, (row) => row.map(writeCell).join(SEPARATORS[language]))
  return `\ufeff${lines.join('\r\n')}\r\n`
}

/** Always in quotes: any sign may part columns for the reader. */
function writeCell(text: string): string {
  const safe = text.replace(CONTROLS, ' ').replace(FORMULA, "$1'")
  return `"${safe.replaceAll('"', '""')}"`
}

/** As spreadsheets take it for a time. */
export function wallClock(atMs: number, zone: string): string {
  // Swedish writes dates as ISO 8601 does.
  const style = { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' } as const
  return new Intl.DateTimeFormat('sv-SE', style).format(atMs)
}
