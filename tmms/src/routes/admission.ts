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
import type { Rows, Store } from '../store/store.ts'
import type { Services } from './endpoint.ts'

export interface Asked {
  /** As the contract names it. */
  readonly route: string
  readonly rights: Rights
}

export interface Admission {
  readonly actor: Actor
  /** Looks again at what the actor was let in by. @throws as `admit`; `not-allowed` also when it is another role by now. */
  readonly again: (rows: Rows) => Promise<void>
}

type Parts = Pick<Services, 'context' | 'bearers'>

/** @throws {TmmsError} `signed-out`, `other-account`, `not-allowed`; as `Bearers.admit`. */
export async function admit(parts: Parts, request: Request, asked: Asked): Promise<Admission> {
  const look = (rows: Rows) => actorOf(parts, request, { ...asked, rows })
  const actor = await look(parts.context.store)
  return { actor, again: async (rows) => requireSameRights(actor, await look(rows)) }
}

/**
 * The services for one request. Rights may end between its admission and what it writes, so every transaction of the
 * rules begins with looking again: it comes before the end of the rights, or is refused. No rule has to think of it.
 */
export function servicesOf<S extends Pick<Services, 'context'>>(
  services: S,
  { again }: Pick<Admission, 'again'>,
): S {
  const { store } = services.context
  const admitted: Store = {
    ...store,
    atomically: (work) => store.atomically((rows) => afterLooking(rows, work)),
    hastily: (work) => store.hastily((rows) => afterLooking(rows, work)),
  }
  async function afterLooking<T>(rows: Rows, work: (rows: Rows) => Promise<T>): Promise<T> {
    await again(rows)
    return work(rows)
  }
  return { ...services, context: { ...services.context, store: admitted } }
}

/** Beside an API token cookies count for nothing. */
async function actorOf(
  { context, bearers }: Parts,
  request: Request,
  { route, rights, rows }: Asked & { readonly rows: Rows },
): Promise<Actor> {
  const from = request.socket.remoteAddress ?? 'unknown'
  const roles: readonly Role[] | null = WHO[rights.who]
  const secret = bearerOf(request)
  if (secret !== undefined) return bearers.admit({ secret, from, route, scope: rights.scope }, rows)
  if (roles === null) return { account: null, from }
  const { now } = context
  const account = await accountOfSession({ store: rows, now }, readCookies(request).session)
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

// The rules go by what was read of the account: its role, and its address, which makes it belong to groups.
function requireSameRights({ account: then }: Actor, { account: now }: Actor): void {
  if (then?.id === now?.id && then?.role === now?.role && then?.email === now?.email) return
  throw new TmmsError('not-allowed', 'The rights of this account have changed. Try again.')
}
