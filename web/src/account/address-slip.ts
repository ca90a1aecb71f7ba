/** Slips of the keyboard and spellings that hide an address from machines, and the address that was probably meant. */
import { isMailAddress } from '@huisclos/tmms/contract/email'

/** An entry that is no address, as typed, and what it looks like. */
export interface Slip {
  readonly from: number
  readonly to: number
  readonly meant: string
}

const LOCAL = `[\\p{L}\\p{N}][\\p{L}\\p{N}._+'-]*`
const LABEL = `[\\p{L}\\p{N}][\\p{L}\\p{N}-]*`
const OPEN = '[(\\[{<]\\s*'
const SHUT = '\\s*[)\\]}>]'
const AT = `\\s*${OPEN}(?:at|arobase|@)${SHUT}\\s*`
const DOT = `(?:\\.|\\s*${OPEN}(?:dot|point)${SHUT}\\s*)`
const FIRST = '(?<=^|[\\s,;<("])'
const LAST = '(?=\\.?(?:$|[\\s,;>)"]))'
/** `ada(at)example.org`, `ada [at] example [dot] org`. */
const SPELT = new RegExp(`${FIRST}(${LOCAL})${AT}(${LABEL}(?:${DOT}${LABEL})+)${LAST}`, 'giu')
/** `ada at example.org`, alone between separators: elsewhere it may be a sentence. */
const WORDED = new RegExp(
  `(?=[\\p{L}\\p{N}])(?<=^\\s*|[,;<]\\s*)(${LOCAL})\\s+at\\s+(${LABEL}(?:\\.${LABEL})+)(?=\\.?\\s*(?:$|[,;>]))`,
  'giu',
)
/** `ada@example,org`: a comma without a blank behind, where the domain lacks its end. */
const COMMA = new RegExp(`${FIRST}(${LOCAL})@((?:${LABEL}\\.)*${LABEL},\\p{L}{2,})${LAST}`, 'giu')

/** Those of a line, from left to right, with the angle brackets around them. */
export function findSlips(line: string): readonly Slip[] {
  const found = [SPELT, WORDED, COMMA].flatMap((pattern) =>
    [...line.matchAll(pattern)].flatMap(({ 0: whole, 1: local = '', 2: domain = '', index }) => {
      const joined = `${local}@${domain.replace(new RegExp(DOT, 'giu'), '.')}`.toLowerCase()
      const meant = repair(joined) ?? joined
      // What stands before the comma may be an address by itself.
      if (!isMailAddress(meant) || isMailAddress(whole.split(',')[0] ?? '')) return []
      return [{ ...bracketed(line, index, index + whole.length), meant }]
    }),
  )
  let end = 0
  return found
    .toSorted((a, b) => a.from - b.from)
    .filter(({ from, to }) => {
      const apart = from >= end
      if (apart) end = to
      return apart
    })
}

/** The address that this would be with a full stop where one is missing, doubled or hanging; null when it is one or none. */
export function repair(text: string): string | null {
  const at = text.lastIndexOf('@')
  const domain = text
    .slice(at + 1)
    .replace(/,/gu, '.')
    .replace(/\.{2,}/gu, '.')
    .replace(/^\.|\.$/gu, '')
  const mended = `${text.slice(0, Math.max(at, 0))}@${domain}`.normalize('NFC').toLowerCase()
  return mended !== text && isMailAddress(mended) ? mended : null
}

function bracketed(line: string, from: number, to: number): Pick<Slip, 'from' | 'to'> {
  const before = line.slice(0, from).trimEnd()
  const closed = /^\.?\s*>/u.exec(line.slice(to))
  if (!before.endsWith('<') || closed === null) return { from, to }
  return { from: before.length - 1, to: to + closed[0].length }
}
