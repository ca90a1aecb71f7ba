/** Refuses requests that are for another server, or in a coding that nobody here takes off (RFC 9112). */
import type { RequestHandler, Response } from 'express'
import { misdirection } from '../contract/authority.ts'

export function ownRequests(origin: string): RequestHandler {
  return (request, response, next) => {
    const status = misdirection(request, origin)
    if (status !== null) {
      end(response, status, status === 400 ? NO_HOST : elsewhere(origin))
    } else if (isCoded(request.headers['transfer-encoding'])) {
      end(response, 501, 'The only transfer coding that is understood here is chunked.')
    } else {
      next()
    }
  }
}

const NO_HOST = 'A request names one server in one Host header.'

/** People read it who typed another name, or a port that a router stands before. */
function elsewhere(origin: string): string {
  return `This server is ${origin}/\nCe serveur est ${origin}/`
}

function end(response: Response, status: number, sentence: string): void {
  // What may follow on this connection was not meant for this server either, or cannot be told from the body.
  response.setHeader('Connection', 'close').setHeader('Cache-Control', 'no-store')
  response.status(status).type('text/plain').send(sentence)
}

/** RFC 9112 section 6.1: a coding that is not understood is not taken for none. */
function isCoded(codings: string | undefined): boolean {
  return codings !== undefined && codings.trim().toLowerCase() !== 'chunked'
}
