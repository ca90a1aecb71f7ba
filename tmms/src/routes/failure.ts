/** Turns whatever was thrown into an answer. */
import type { ErrorRequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import { ERROR_STATUS, type ApiError, type ErrorCode } from '../contract/errors.ts'
import { TmmsError } from '../errors.ts'
import { answerEarly } from './bounded-body.ts'

/** RFC 9449 sections 7.1 and 9: what a library of the standard looks for. */
const CHALLENGES: Partial<Record<ErrorCode, string>> = {
  'bad-proof': 'DPoP error="invalid_dpop_proof", algs="ES256"',
  // RFC 6750 section 3.1.
  'token-unknown': 'Bearer error="invalid_token"',
  'token-expired': 'Bearer error="invalid_token", error_description="The token expired"',
  'token-scope': 'Bearer error="insufficient_scope"',
  'use-dpop-nonce': 'DPoP error="use_dpop_nonce", algs="ES256"',
}

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
  const { code, message, field, problems, retryAfterS, restriction, changed } = error
  const body: ApiError = {
    code,
    message,
    ...(field === undefined ? {} : { field }),
    ...(problems.length === 0 ? {} : { problems }),
    ...(restriction === undefined ? {} : { restriction }),
    ...(changed === undefined ? {} : { changed }),
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
  }
  if (retryAfterS !== undefined) response.setHeader('Retry-After', String(retryAfterS))
  const challenge = CHALLENGES[code]
  if (challenge !== undefined) response.setHeader('WWW-Authenticate', challenge)
  // For the log, which sees codes and never bodies.
  response.locals['code'] = code
  response.status(ERROR_STATUS[code])
  if (code === 'too-large') answerEarly(response, body)
  else response.json(body)
}

function known(error: unknown, logger: Logger): TmmsError {
  if (error instanceof TmmsError) {
    // Codes and numbers of the system only: a message of SQLite may quote what it could not store.
    if (error.code === 'unavailable') logger.error(systemCodes(error.cause), 'unavailable')
    return error
  }
  const { type, status, name, stack } = Object(error) as Record<string, unknown>
  if (type === 'entity.too.large') return new TmmsError('too-large', 'The body is too large.')
  // The parser's own message quotes the body, which may hold a credential: it goes nowhere.
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new TmmsError('bad-request', 'The request cannot be read.')
  }
  logger.error({ error: { name, stack } }, 'unexpected failure')
  return new TmmsError('internal', 'Something went wrong on the server.')
}

function systemCodes(cause: unknown): Record<string, unknown> {
  const { code, errcode, syscall } = Object(cause) as Record<string, unknown>
  return { code, errcode, syscall }
}
