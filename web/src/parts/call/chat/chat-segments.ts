/**
 * Finds the addresses in a chat message, so that they can be clicked and everything else stays mere text.
 *
 * A link shows its target as it was written. What could look like another target than it has stays text.
 */

export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

const ADDRESS = /(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"]+/giu
const CLOSING: ReadonlySet<string> = new Set(".,;:!?'’”»…)]}")
const BRACKETS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

export function segmentsOf(text: string): readonly Segment[] {
  const segments: Segment[] = []
  let at = 0
  for (const match of text.matchAll(ADDRESS)) {
    const written = withoutPunctuation(match[0])
    const href = targetOf(written)
    if (href === null) continue
    if (match.index > at) segments.push({ kind: 'text', text: text.slice(at, match.index) })
    segments.push({ kind: 'link', text: written, href })
    at = match.index + written.length
  }
  if (at < text.length) segments.push({ kind: 'text', text: text.slice(at) })
  return segments
}

/** The full stop after an address is not part of it; a bracket is when it was opened inside. */
function withoutPunctuation(written: string): string {
  const counts = new Map<string, number>()
  for (const letter of written) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  const count = (letter: string): number => counts.get(letter) ?? 0
  let end = written.length
  for (; end > 0; end--) {
    const last = written.charAt(end - 1)
    const opening = BRACKETS[last]
    if (!CLOSING.has(last) || (opening !== undefined && count(opening) >= count(last))) break
    counts.set(last, count(last) - 1)
  }
  return written.slice(0, end)
}

/** Where it leads, or null when a reader could take it for another place. */
function targetOf(written: string): string | null {
  // Invisible characters and those that turn the direction of writing; browsers read a backslash as a slash.
  if (/[\p{C}\\]/u.test(written)) return null
  const url = URL.parse(written)
  if (url === null || url.username !== '' || url.password !== '') return null
  const [, authority = ''] = /^https?:\/\/([^/?#]*)/i.exec(written) ?? []
  const host = authority.replace(/:\d*$/, '')
  return isPlainHost(host, url.hostname) ? url.href : null
}

/** @param hostname as the browser understood it */
function isPlainHost(host: string, hostname: string): boolean {
  // ASCII: what is written is what is visited. So 0x7f.1 stays text, and names with @ or % in them.
  if (/^[\x21-\x7e]+$/.test(host)) return host.toLowerCase() === hostname
  // Others: in one script from end to end, in the one form that is registered.
  const ofOneScript = SCRIPTS.some((script) => script.test(host))
  return ofOneScript && host === host.normalize('NFKC').toLowerCase()
}

// Letters of the Latin alphabet beyond these look like others too easily.
const SCRIPTS: readonly RegExp[] = [
  /^[a-z0-9à-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĵķĺļľłńņňōŏőœŕŗřśŝşšţťũūŭůűųŵŷźżž.-]+$/u,
  /^[\p{Script=Cyrillic}0-9.-]+$/u,
  /^[\p{Script=Greek}0-9.-]+$/u,
  /^[\p{Script=Arabic}0-9.-]+$/u,
  /^[\p{Script=Hebrew}0-9.-]+$/u,
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}0-9.-]+$/u,
  /^[\p{Script=Hangul}0-9.-]+$/u,
]
