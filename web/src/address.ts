/**
 * Mends what mail programs, gateways and people do to a link (docs/protocol.md section 1): what they add is dropped,
 * what they encode is decoded. It happens in the browser only; nothing mended is asked of the server.
 */

export interface Address {
  readonly path: string
  /** Without its `#`. */
  readonly fragment: string
  /** The fragment stood in the path, and so in a request to the server. */
  readonly sent: boolean
}

/** A `#` that was encoded, by each gateway on the way once more, and so ended in the path. */
const ENCODED_HASH = /%(?:25)*23/
/** Nothing honest is encoded more often. */
const MOST_ENCODINGS = 4
/** Blanks and line breaks, with the `=` that mails put before one (RFC 2045 section 6.7), and characters nobody sees. */
const INSERTED = /=?[\s\p{Cf}]+/gu
/** Tracking parameters, and what is left of HTML entities. */
const PARAMETERS = /[?&].*$/su
/** Every link ends with a letter or a digit: full stops, brackets, quotes and slashes are of the text around it. */
const TRAILING = /[^A-Za-z0-9]+$/u

export function mendAddress(pathname: string, fragment: string): Address {
  const [path = '', ...rest] = pathname.split(ENCODED_HASH)
  const sent = rest.length > 0
  return {
    path: mendPath(path),
    fragment: mendFragment(sent ? rest.join('#') : fragment),
    sent,
  }
}

function mendPath(path: string): string {
  const clean = decode(path).replace(INSERTED, '').replace(PARAMETERS, '')
  return clean.replace(/^\/+/u, '/').replace(/\/+$/u, '') || '/'
}

function mendFragment(fragment: string): string {
  return decode(fragment).replace(INSERTED, '').replace(PARAMETERS, '').replace(TRAILING, '')
}

/** Until nothing is encoded any more: what was encoded twice has `%25` in place of each `%`. */
function decode(text: string, left = MOST_ENCODINGS): string {
  const decoded = decodeOnce(text)
  return decoded === text || left === 1 ? decoded : decode(decoded, left - 1)
}

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone % is no encoding.
    return text
  }
}
