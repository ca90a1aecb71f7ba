/** Lets a request through to its route, or refuses it: the contract says who may call. */
import type { Request } from 'express'
import type { Role } from '../contract/accounts.ts'
import { WHO, type Rights } from '../contract/rights.ts'
import { accountOfSession } from '../domain/sign-in/session.ts'
import type { Actor } from '../domain/audit/actor.ts'
import { TmmsError } from '../errors.ts'
import { bearerOf } from '../guards/bearer.ts'
import { readCookies } from '../guards/cookies.ts'
import { requireSame } from '../guards/same-account.ts'
import type { Services } from './endpoint.ts'

export interface Asked {
  /** As the contract names it. */
  readonly route: string
  readonly rights: Rights
}

/**
 * Beside an API token cookies count for nothing.
 * @throws {TmmsError} `signed-out`, `other-account`, `not-allowed`; as `Bearers.admit`.
 */
export async function admit(
  { context, bearers }: Pick<Services, 'context' | 'bearers'>,
  request: Request,
  { route, rights }: Asked,
): Promise<Actor> {
  const from = request.socket.remoteAddress ?? 'unknown'
  const roles: readonly Role[] | null = WHO[rights.who]
  const secret = bearerOf(request)
  if (secret !== undefined) return bearers.admit({ secret, from, route, scope: rights.scope })
  if (roles === null) return { account: null, from }
  const account = await accountOfSession(context, readCookies(request).session)
  if (account === undefined) throw new TmmsError('signed-out', 'Nobody is signed in.')
  requireSame(request, account)
  if (roles.includes(account.role)) return { account, from }
  context.refusals.note(
    { account, from },
    {
      action: 'access-refused',
      reason: 'not-allowed',
      about: route,
      object: () => Promise.resolve({ kind: 'server', id: '', name: route }),
    },
  )
  throw new TmmsError('not-allowed', 'This account may not do that.')
}
