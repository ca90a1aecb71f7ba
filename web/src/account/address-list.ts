/** Reads e-mail addresses, with names where they are given, out of whatever people paste from mail programs and tables. */
import { Reading, WITH_AT, type Addresses, type Word } from './address-reading.ts'
import { findSlips } from './address-slip.ts'
import { givenName } from './given-name.ts'
import { pastedLines } from './pasted-text.ts'

const TOKENS =
  /"(?<quoted>(?:[^"\\\n]|\\.)*)"|[<[({]\s*(?:mailto:)?(?<bracketed>[^<>[\](){}\s@]*@[^<>[\](){}\s]*)\s*[>\])}]|(?<comment>\([^()\n]*\))|(?<cut>[<[({](?![^<>[\](){}]*[>\])}])\s*[^\s,;<>"()[\]{}]*@[^\s,;<>"()[\]{}]*)|(?<opened>[<[({])|(?<end>;|(?<!\S)[/|•·](?!\S))|(?<comma>,)|(?<word>[^\s,;<>"()[\]{}]+)(?<closed>[>\])}]*)/giu
/** RFC 5322 section 3.2.4: a quoted pair stands for its second character. */
const ESCAPED = /\\(.)/gu

export function readAddresses(text: string): Addresses {
  const reading = new Reading()
  for (const line of pastedLines(text)) {
    readLine(line, reading)
    reading.end()
  }
  return reading.result()
}

function readLine(line: string, reading: Reading): void {
  const cells = line.split('\t').map((cell) => cell.trim())
  const holding = cells.filter((cell) => cell.includes('@'))
  // A row of a table: the address in one cell, the name in those before it.
  if (cells.length > 1 && holding.length === 1) {
    const at = cells.findIndex((cell) => cell.includes('@'))
    readRow(cells.slice(0, at), cells[at] ?? '', reading)
    return
  }
  const plain = line.replaceAll('\t', ' ; ')
  reading.begin(plain)
  let from = 0
  for (const slip of findSlips(plain)) {
    readWords(plain, { from, to: slip.from }, reading)
    reading.slip(plain.slice(slip.from, slip.to), slip.meant)
    from = slip.to
  }
  readWords(plain, { from, to: plain.length }, reading)
}

function readRow(before: readonly string[], cell: string, reading: Reading): void {
  const name = givenName([before.filter((one) => /\p{L}/u.test(one)).join(' ')])
  reading.row(readAddresses(cell), name)
}

function readWords(line: string, part: Omit<Word, 'text'>, reading: Reading): void {
  let open = 0
  for (const match of line.slice(part.from, part.to).matchAll(TOKENS)) {
    const { groups = {} } = match
    const from = part.from + match.index
    const at = { from, to: from + match[0].length }
    const { quoted, bracketed, comment, cut, opened, end, comma, word, closed = '' } = groups
    if (bracketed !== undefined) reading.bracketed(bracketed)
    else if (cut !== undefined) reading.cut(cut)
    else if (opened !== undefined) open += 1
    else if (end !== undefined) reading.end()
    else if (comma !== undefined) reading.comma()
    else if (comment !== undefined) reading.aside(at.to)
    else if (quoted !== undefined) reading.word({ text: quoted.replace(ESCAPED, '$1'), ...at })
    else if (word !== undefined) {
      if (closed.length > open && WITH_AT.test(word)) reading.cut(`${word}${closed}`)
      else reading.word({ text: word, from: at.from, to: at.from + word.length })
      open = Math.max(0, open - closed.length)
    }
  }
}
