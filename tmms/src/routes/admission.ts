/** Lets a request through to its route, or refuses it: the contract says who may call. */
import type { Request } from 'express'
import type { Role } from '../contract/accounts.ts'
import { WHO, type Rights } from '../contract/rights.ts'
import { accountOfSession } from '../domain/sign-in/session.ts'
import type { Actor } from '../domain/audit/actor.ts'
import type { Context } from '../domain/context.ts'
import { TmmsError } from '../errors.ts'
import { readCookies } from '../guards/cookies.ts'

export interface Asked {
  /** As the contract names it. */
  readonly route: string
  readonly rights: Rights
}

/** @throws {TmmsError} `signed-out`, `not-allowed`. */
export async function admit(
  context: Context,
  request: Request,
  { route, rights }: Asked,
): Promise<Actor> {
  const from = request.socket.remoteAddress ?? 'unknown'
  const roles: readonly Role[] | null = WHO[rights.who]
  if (roles === null) return { account: null, from }
  const account = await accountOfSession(context, readCookies(request).session)
  if (account === undefined) throw new TmmsError('signed-out', 'Nobody is signed in.')
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
