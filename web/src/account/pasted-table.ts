/** Lines that are the rows of one table, its columns parted by commas or semicolons: `Ada,Lovelace,ada@x.org`. */

const DELIMITERS = [',', ';'] as const
/** What mail programs write around names and addresses; a table has none of it. */
const MAIL = /[<>"()[\]\t]/u

/**
 * `lines` with tabs between the columns when all of them have the same columns, one of which holds the address; as they
 * are otherwise. One line alone tells nothing: `Ada, Grace, tom@x.org` may lack two addresses. `isTitle` knows the row
 * that names the columns.
 */
export function withColumns(
  lines: readonly string[],
  isTitle: (line: string) => boolean,
): readonly string[] {
  if (lines.length < 2 || lines.some((line) => MAIL.test(line))) return lines
  const delimiter = DELIMITERS.find((one) => {
    const rows = lines.filter((line) => !isTitle(line)).map((line) => line.split(one))
    return isTable(rows, lines[0]?.split(one).length ?? 0)
  })
  if (delimiter === undefined) return lines
  return lines.map((line) => line.replaceAll(delimiter, '\t'))
}

function isTable(rows: readonly (readonly string[])[], width: number): boolean {
  const column = rows[0]?.findIndex((cell) => cell.includes('@')) ?? -1
  if (column === -1 || width < 2) return false
  return rows.every(
    (row) =>
      row.length === width &&
      row.every((cell, index) => cell.includes('@') === (index === column)) &&
      row.some((cell) => /\p{L}/u.test(cell) && !cell.includes('@')),
  )
}
