/** Refuses bodies that hold the secret of a meeting link: whatever a client does wrong, this server shall not learn it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { TmmsError } from '../errors.ts'

/** `#v1.<root thumbprint>.<secret>`, and with a `#` that some mail program encoded. */
const WHOLE_LINK = /(?:#|%23)v1\.[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}/

/** For the body parser, which calls it before anything else sees the bytes. */
export function noLinkSecret(
  _request: IncomingMessage,
  _response: ServerResponse,
  body: Buffer,
): void {
  if (!WHOLE_LINK.test(body.toString('latin1'))) return
  throw new TmmsError('bad-request', 'The body holds a meeting link with its secret.')
}
