/** Reads e-mail addresses out of whatever people paste: lists, lines, "Name <address>". */

export interface Addresses {
  /** Normalised, each once, in the order typed. */
  readonly good: readonly string[]
  /** Pieces that are no address, as typed. */
  readonly bad: readonly string[]
}

const SEPARATORS = /[\s,;]+/
// Deliberately loose: the server decides; this only catches what cannot be an address.
const ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\.]+(\.[^\s@<>,;:"()[\]\\.]+)+$/u
const MAX_LENGTH = 254

export function splitAddresses(text: string): Addresses {
  const good = new Set<string>()
  const bad = new Set<string>()
  for (const piece of pieces(text)) {
    const address = normalise(piece)
    if (looksLikeAddress(address)) good.add(address)
    else bad.add(piece)
  }
  return { good: [...good], bad: [...bad] }
}

export function looksLikeAddress(address: string): boolean {
  return address.length <= MAX_LENGTH && ADDRESS.test(address)
}

/** As accounts.md section 1 says, except IDNA, which the server adds. */
export function normalise(address: string): string {
  return address.trim().normalize('NFC').toLowerCase()
}

function pieces(text: string): string[] {
  // Mail programs copy "Ada Lovelace <ada@example.org>": the address is what stands in the brackets.
  const bare = text.replace(/(?<![^\s,;>])(?:"[^"]*"|[^,;\n<>"@])*<([^<>\s]+)>/gu, ' $1 ')
  return bare
    .split(SEPARATORS)
    .map((piece) => piece.replace(/^mailto:/iu, '').replace(/[.]+$/u, ''))
    .filter((piece) => piece !== '')
}
