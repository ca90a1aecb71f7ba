/** Turns whatever was thrown into an answer: the one table from code to status. */
import type { ErrorRequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import type { ApiError, ErrorCode } from '../contract.ts'
import { TmmsError } from '../errors.ts'

const STATUS = {
  'bad-request': 400,
  'invalid-email': 400,
  'invalid-name': 400,
  'invalid-title': 400,
  'invalid-duration': 400,
  'invalid-date': 400,
  'date-in-past': 400,
  'too-many-invited': 400,
  'weak-parameters': 400,
  'account-exists': 409,
  'link-unknown': 404,
  'link-expired': 410,
  'link-used': 410,
  'wrong-credentials': 401,
  'too-many-tries': 429,
  'signed-out': 401,
  'not-allowed': 403,
  'not-found': 404,
  'meeting-not-open': 409,
  'bad-proof': 401,
  'wrong-origin': 403,
  'too-large': 413,
  unavailable: 503,
  internal: 500,
} as const satisfies Readonly<Record<ErrorCode, number>>

export function failure(logger: Logger): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error)
      return
    }
    sendFailure(response, known(error, logger))
  }
}

function sendFailure(response: Response, error: TmmsError): void {
  const { code, message, field, retryAfterS } = error
  const body: ApiError = {
    code,
    message,
    ...(field === undefined ? {} : { field }),
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
  }
  if (retryAfterS !== undefined) response.setHeader('Retry-After', String(retryAfterS))
  // For the log, which sees codes and never bodies.
  response.locals['code'] = code
  response.status(STATUS[code]).json(body)
}

function known(error: unknown, logger: Logger): TmmsError {
  if (error instanceof TmmsError) return error
  const { type, status, name, stack } = Object(error) as Record<string, unknown>
  if (type === 'entity.too.large') return new TmmsError('too-large', 'The body is too large.')
  // The parser's own message quotes the body, which may hold a credential: it goes nowhere.
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new TmmsError('bad-request', 'The request cannot be read.')
  }
  logger.error({ error: { name, stack } }, 'unexpected failure')
  return new TmmsError('internal', 'Something went wrong on the server.')
}
