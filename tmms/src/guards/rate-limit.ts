/** A ceiling for everything that one network asks of the interface; the scarce things have their own limits. */
import type { RequestHandler } from 'express'
import { Buckets, networkOf } from '../domain/sign-in/throttle.ts'

// A whole organisation may sit behind one address.
const PER_NETWORK = { capacity: 2_000, perSecond: 50 } as const

export function rateLimit(now: () => number): RequestHandler {
  const buckets = new Buckets(PER_NETWORK, now)
  return (request, _response, next) => {
    buckets.charge(networkOf(request.socket.remoteAddress))
    next()
  }
}
