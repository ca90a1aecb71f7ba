/** The text of a file of a table, in whichever encoding spreadsheet programs write it. */

export interface TableText {
  /** Its lines end with LF. */
  readonly text: string
  /** It is in none of the Unicode encodings, and was read as most likely meant: its accents want a look. */
  readonly western: boolean
}

/** Null for what is no text: a workbook, a picture. */
export function decodeTable(bytes: Uint8Array): TableText | null {
  const { text, western } = decode(bytes)
  // Text holds none; a workbook (a ZIP archive, or an OLE file before 2007) has them in its first bytes.
  if (text.includes('\0')) return null
  return { text: text.replaceAll(/\r\n?/gu, '\n'), western }
}

function decode(bytes: Uint8Array): TableText {
  const wide = wideEncoding(bytes)
  if (wide !== null) return { text: new TextDecoder(wide).decode(bytes), western: false }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), western: false }
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), western: true }
  }
}

/** By the byte order mark, or because a table begins with a sign that has a zero byte beside it. */
function wideEncoding([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be'
  return null
}
