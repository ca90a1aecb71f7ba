/** Tables as spreadsheets read them (RFC 4180, with `;` as French ones expect), without formulas. */

/** What spreadsheets take for the beginning of a formula, and its wide forms: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u

/** With a byte order mark: without it, spreadsheets do not read UTF-8. */
export function writeCsv(rows: Iterable<readonly string[]>): string {
  const lines = Array.from(rows, (row) => row.map(writeCell).join(';'))
  return `\ufeff${lines.join('\r\n')}\r\n`
}

function writeCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[";\r\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
