/** A ceiling for everything that one network asks of the interface; the scarce things have their own budgets. */
import type { RequestHandler } from 'express'
import { Ceilings } from '../domain/limits/ceilings.ts'
import { networkOf } from '../domain/limits/network.ts'

// A whole organisation may sit behind one address.
const PER_NETWORK = { capacity: 2_000, perSecond: 50 } as const

export function rateLimit(now: () => number): RequestHandler {
  const ceilings = new Ceilings(PER_NETWORK, now)
  return (request, _response, next) => {
    ceilings.charge(networkOf(request.socket.remoteAddress))
    next()
  }
}
