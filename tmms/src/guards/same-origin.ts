/** Lets only our own pages change anything: the answer to forged requests from other sites. */
import type { Request, RequestHandler } from 'express'
import { TmmsError } from '../errors.ts'
import { bearerOf } from './bearer.ts'

const READING = new Set(['GET', 'HEAD'])

export function sameOrigin(origin: string): RequestHandler {
  return (request, _response, next) => {
    if (READING.has(request.method)) {
      next()
      return
    }
    // No other site can make a browser send an API token, and cookies count for nothing beside one.
    if (bearerOf(request) === undefined) requireOwn(request, origin)
    // A form of another site cannot send these types without asking first; which of them is for each route to say.
    if (request.is(['application/json', 'image/*']) === false) {
      throw new TmmsError('bad-request', 'The body must be application/json.')
    }
    next()
  }
}

function requireOwn(request: Request, origin: string): void {
  const site = request.get('sec-fetch-site')
  // Browsers always send Origin with these methods; whoever sends none is no browser of ours.
  if (request.get('origin') === origin && (site === undefined || site === 'same-origin')) return
  throw new TmmsError('wrong-origin', 'This request did not come from a page of this server.')
}
