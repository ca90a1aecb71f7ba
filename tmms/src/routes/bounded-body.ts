/** Refuses a body as soon as it is known to be too large: Express reads it to its end first, however long that takes. */
import type { RequestHandler, Response } from 'express'
import { TmmsError } from '../errors.ts'

/** Whoever is still sending can read the answer for this long; a closed connection would take it away (RFC 9112 section 9.6). */
const LINGER_MS = 2_000

/**
 * @param parser of Express; it takes bodies of `type` alone
 * @throws {TmmsError} `too-large`, through `next`: from the length that the head tells, or when more has come.
 */
export function bounded(
  parser: RequestHandler,
  { maxBytes, type }: { readonly maxBytes: number; readonly type: string },
): RequestHandler {
  return (request, response, next) => {
    if (typeof request.is(type) !== 'string') {
      parser(request, response, next)
      return
    }
    let left = maxBytes
    let told = false
    const tell = (error?: unknown): void => {
      if (told) return
      told = true
      request.off('data', count)
      next(error)
    }
    const count = (piece: Buffer): void => {
      left -= piece.length
      if (left < 0) tell(tooLarge())
    }
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
      tell(tooLarge())
      return
    }
    request.on('data', count)
    parser(request, response, tell)
  }
}

function tooLarge(): TmmsError {
  return new TmmsError('too-large', 'The body is too large.')
}

/** Answers whoever may still be sending, and closes the connection. */
export function answerEarly(response: Response, body: unknown): void {
  const { req: request } = response
  response.setHeader('Connection', 'close')
  if (request.complete) {
    response.json(body)
    return
  }
  const bytes = Buffer.from(JSON.stringify(body))
  response.type('application/json').setHeader('Content-Length', bytes.length)
  response.write(bytes)
  const end = (): void => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(end, LINGER_MS)
  request.once('close', end).once('end', end).resume()
}
