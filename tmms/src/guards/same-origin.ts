/** Lets only our own pages change anything: the answer to forged requests from other sites. */
import type { RequestHandler } from 'express'
import { TmmsError } from '../errors.ts'

const READING = new Set(['GET', 'HEAD'])

export function sameOrigin(origin: string): RequestHandler {
  return (request, _response, next) => {
    if (READING.has(request.method)) {
      next()
      return
    }
    const site = request.get('sec-fetch-site')
    // Browsers always send Origin with these methods; whoever sends none is no browser of ours.
    if (request.get('origin') !== origin || (site !== undefined && site !== 'same-origin')) {
      throw new TmmsError('wrong-origin', 'This request did not come from a page of this server.')
    }
    // A form of another site cannot send these types without asking first; which of them is for each route to say.
    if (request.is(['application/json', 'image/*']) === false) {
      throw new TmmsError('bad-request', 'The body must be application/json.')
    }
    next()
  }
}
