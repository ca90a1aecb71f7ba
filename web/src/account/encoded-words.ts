/** Names as they stand in the source of a mail: `=?utf-8?Q?Ad=C3=A9le?=` (RFC 2047). */

const WORD = /=\?([\w-]+)(?:\*[\w-]+)?\?([bq])\?([^?\s]*)\?=/giu
/** Blanks between two encoded words are not part of the text (RFC 2047 section 6.2). */
const BETWEEN = /(?<=\?=)\s+(?==\?[\w*-]+\?[bq]\?)/giu

/** A word that cannot be read, or whose character set is unknown, stays as it is. */
export function decodeWords(text: string): string {
  return text.replace(BETWEEN, '').replace(WORD, (word, charset: string, ...rest: string[]) => {
    const [encoding = '', encoded = ''] = rest
    try {
      const bytes = encoding.toLowerCase() === 'b' ? fromBase64(encoded) : fromQ(encoded)
      // Quoted: a comma or bracket inside is part of the name.
      return `"${new TextDecoder(charset, { fatal: true }).decode(bytes).replaceAll(/["\n\r]/gu, ' ')}"`
    } catch {
      return word
    }
  })
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function fromQ(text: string): Uint8Array<ArrayBuffer> {
  const plain = text
    .replaceAll('_', ' ')
    .replace(/=([\da-f]{2})/giu, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Uint8Array.from(plain, (character) => character.charCodeAt(0))
}
