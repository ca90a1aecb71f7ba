/** A pasted list without what mail programs, word processors and keyboards put around its addresses. */
import { decodeWords } from './encoded-words.ts'
import { withColumns } from './pasted-table.ts'

/** Direction marks, zero-width blanks and soft hyphens come with contact cards, chats and word processors. */
const INVISIBLE = /(?!\n)[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
/** U+FF01 to U+FF5E are ASCII in full width, as keyboards of East Asia write it. */
const FULL_WIDTH = /[\uff01-\uff5e]/gu
const ASCII_FROM_FULL_WIDTH = 0xff01 - 0x21
const OPEN = '‹«〈《⟨❮❬≪'
const CLOSED = '›»〉》⟩❯❭≫'
const ANGLES: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(`[${OPEN}]([^${OPEN}${CLOSED}\\n]*@[^${OPEN}${CLOSED}\\n]*)[${CLOSED}]`, 'gu'),
    '<$1>',
  ],
  // As German and Danish put them.
  [new RegExp(`[›»]([^${OPEN}${CLOSED}\\n]*@[^${OPEN}${CLOSED}\\n]*)[‹«]`, 'gu'), '<$1>'],
  [new RegExp(`[${OPEN}]([^${OPEN}${CLOSED}"\\n]*)[${CLOSED}]`, 'gu'), '"$1"'],
  [new RegExp(`[${OPEN}](?=[^\\s@]*@)`, 'gu'), '<'],
  [new RegExp(`(?<=@[^\\s@]*)[${CLOSED}]`, 'gu'), '>'],
  [/<(?:\s*<)+/gu, '<'],
  [/>(?:\s*>)+/gu, '>'],
]
/** Outlook writes every address twice: `ada@x.org<mailto:ada@x.org>`. */
const TWICE = /(?<=([^\s<>,;:"()[\]]+@[^\s<>,;:"()[\]]+)\s?)<mailto:\1(?:\?[^\s<>]*)?>/giu

/** In a table of addresses: the row that says what stands in each column. */
const TITLE =
  /^(?:(?:full|first|last|given|family)[ _-]?names?|names?|surname|(?:e-?mail|mail)(?:[ _-]?address(?:es)?)?|address(?:es)?|noms?(?: complet| de famille)?|pr[ée]noms?|courriels?|adresses?(?: (?:e-?mail|mail|électronique)s?)?|e-?mails|n°|#|fonction|service|role|rôle)$/iu
const PEOPLE =
  'to|cc|bcc|from|sender|reply[- ]to|attendees|guests?|required|optional|organi[sz]er|recipients?|undisclosed[- ]recipients|' +
  'à|a|pour|de|cci|copie(?: cachée)?(?: à)?|répondre à|expéditeurs?|expéditrice|destinataires?|invitée?s?|' +
  'participants?(?: obligatoires| facultatifs)?|obligatoires?|facultatifs?|organisat(?:eur|rice)|' +
  '(?:e-?)?mails?|e-?mail address(?:es)?|address(?:es)?|courriels?|adresses?(?: e-?mail| mail| électronique)?'
const OTHER =
  'subject|date|sent|when|where|location|importance|priority|attachments?|objet|sujet|envoyé(?: le)?|' +
  'quand|lieu|priorité|pi[èe]ces? jointes?'
/** On any place of a line; the others are words that a name may hold. */
const PEOPLE_AFTER = /(?<![^\s,;>])\*{0,2}(?:to|b?cc|from|à|cci|de)\s?:\*{0,2}(?=[\s<"']|$)/giu
const PEOPLE_FIRST = new RegExp(`^\\*{0,2}(?:${PEOPLE})\\s?:\\*{0,2}(?!//)`, 'iu')
const OTHER_FIRST = new RegExp(`^\\*{0,2}(?:${OTHER})\\s?:`, 'iu')
/** `Team: ada@x.org, bob@x.org` (RFC 5322 section 3.4, a group); not `[Ada](mailto:`, a link of Markdown. */
const GROUP = /^[^@<>:",;\t]{1,60}(?<!\(mailto):(?=[^\n]*@[^\n]*@)/u
const QUOTED = /^(?:>\s?)+/u
const BULLET =
  /^(?:[-–—*•·▪▫◦‣⁃●○■□►▸▹→✓✔☐☑§\uf0a7\uf0b7\uf0d8]+|\(?\d{1,3}\)|\d{1,3}\s?[.°:–-](?=\s)|\(?[a-z][.)](?=\s)|o(?=\t))\s*/u
const RULE = /^[-_=*~\s]{2,}$|^-{2,}[^@]*-{2,}$/u
const FORWARDED = /^(?:begin forwarded message|début du message (?:transféré|réexpédié))\s?:$/iu
const WROTE = /\s*(?:wrote|a écrit)\s?:$/iu
/** `On Mon, 3 Nov 2026 at 10:00, ` before the name of who wrote. */
const AT_TIME = /^(?:on|le)\s.*?\d{1,2}\s?[:h]\s?\d{2}(?:\s?[ap]m)?,?\s*/iu
/** A name, and on the next line its address in brackets: a header is folded like this (RFC 5322 section 2.2.3). */
const FOLDED = /(?<=(?:^|[,;\n])[^@,;:<>\n]*[\p{L}."'])[^\S\n]*\n\s*(?=<[^<>\n@]*@)/gu

export function pastedLines(text: string): readonly string[] {
  const plain = decodeWords(text)
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(FULL_WIDTH, (wide) => String.fromCharCode(wide.charCodeAt(0) - ASCII_FROM_FULL_WIDTH))
    .replaceAll('、', ',')
    .replaceAll('。', '.')
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/gu, '\n')
    .replace(TWICE, '')
  const lines = ANGLES.reduce((read, [written, meant]) => read.replace(written, meant), plain)
    .replace(FOLDED, ' ')
    .split('\n')
    .map((line) => line.trim().replace(QUOTED, ''))
    .filter((line) => !RULE.test(line))
    .map(withoutMarks)
    .filter((line) => line !== '')
  return withColumns(lines, isFrame).filter((line) => !isFrame(line))
}

/** What stands in front of the people of a line. */
function withoutMarks(line: string): string {
  const bare = line.replace(BULLET, '').trim()
  if (OTHER_FIRST.test(bare)) return ''
  const wrote = WROTE.test(bare) ? bare.replace(WROTE, '').replace(AT_TIME, '') : bare
  return wrote.replace(PEOPLE_FIRST, '').replace(GROUP, '').replace(PEOPLE_AFTER, ';').trim()
}

function isFrame(line: string): boolean {
  if (line === '' || FORWARDED.test(line)) return true
  return line.split(/[\t;,]/u).every((cell) => TITLE.test(cell.trim()))
}
