/** Refuses bodies that hold the secret of a meeting link: whatever a client does wrong, this server shall not learn it. */
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { TmmsError } from '../errors.ts'

/** `#v1.<root thumbprint>.<secret>` */
const WHOLE_LINK = /#v1\.[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}/
const ADDRESS_DEPTH = 3

/**
 * For the body parser, which calls it before anything else sees the bytes.
 * @param charset as the request names it, in small letters; `utf-8` when it names none
 */
export function noLinkSecret(
  _request: IncomingMessage,
  _response: ServerResponse,
  body: Buffer,
  charset: string,
): void {
  // RFC 8259 section 8.1. Bytes in another encoding could hold a secret that is not seen below.
  if (charset !== 'utf-8' || !isUtf8(body)) {
    throw new TmmsError('bad-request', 'The body must be in UTF-8.')
  }
  if (!WHOLE_LINK.test(plain(body.toString('latin1')))) return
  throw new TmmsError('bad-request', 'The body holds a meeting link with its secret.')
}

/** Without the escapes of JSON, and then without those of addresses, which mail programs nest. */
function plain(text: string): string {
  let result = text.replace(/\\u00([0-7][\da-f])/gi, unescaped)
  for (let depth = 0; depth < ADDRESS_DEPTH; depth += 1) {
    result = result.replace(/%([0-7][\da-f])/gi, unescaped)
  }
  return result
}

function unescaped(_escape: string, hex: string): string {
  return String.fromCharCode(parseInt(hex, 16))
}
