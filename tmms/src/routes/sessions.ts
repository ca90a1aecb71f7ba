/** Signing in and out, and links, which sign in as well. */
import { clearSession, readCookies, writeSession } from '../guards/cookies.ts'
import { evenly } from '../guards/even-time.ts'
import { requireSame } from '../guards/same-account.ts'
import { acceptLink, readLink } from '../domain/accounts/link.ts'
import { makeToken } from '../domain/secret.ts'
import {
  accountOfSession,
  closeAllSessions,
  closeSession,
  openSession,
  type SessionOptions,
  type Verified,
} from '../domain/sign-in/session.ts'
import type { Caller } from '../domain/sign-in/sign-in.ts'
import { networkOf } from '../domain/limits/network.ts'
import type { Route } from '../contract/routes.ts'
import { endpoint, type Call } from './endpoint.ts'
import { accountReply } from './reply.ts'

export const sessionRoutes = {
  'POST /api/links/read': endpoint<'POST /api/links/read'>({
    handle: ({ services, actor, body }) => readLink(services.context, actor, body.token),
  }),
  'POST /api/links/accept': endpoint<'POST /api/links/accept'>({
    handle: async (call) => {
      const accepted = await acceptLink(call.services.context, call.actor, call.body)
      await enter(call, accepted, { remember: false, by: 'link' })
      return { account: accountReply(accepted.account), next: accepted.next }
    },
  }),
  'POST /api/auth/params': endpoint<'POST /api/auth/params'>({
    handle: (call) => evenly(call.services.signIn.params(call.body.email, callerOf(call))),
  }),
  'POST /api/auth/login': endpoint<'POST /api/auth/login'>({
    handle: async (call) => {
      const { email, remember } = call.body
      const verified = await call.services.signIn.signIn(email, call.body.auth, callerOf(call))
      await enter(call, verified, { remember, by: 'password' })
      return { account: accountReply(verified.account) }
    },
  }),
  'GET /api/session': endpoint<'GET /api/session'>({
    handle: async ({ services, request }) => {
      const account = await accountOfSession(services.context, readCookies(request).session)
      return { account: account === undefined ? null : accountReply(account) }
    },
  }),
  'POST /api/auth/logout': endpoint<'POST /api/auth/logout'>({
    handle: async ({ services, actor, request, response }) => {
      const { session } = readCookies(request)
      const account = await accountOfSession(services.context, session)
      if (account !== undefined) requireSame(request, account)
      await closeSession(services.context, actor, session)
      clearSession(response)
      return {}
    },
  }),
  'POST /api/auth/logout-everywhere': endpoint<'POST /api/auth/logout-everywhere'>({
    handle: async ({ services, actor, response }) => {
      await closeAllSessions(services.context, actor)
      clearSession(response)
      return {}
    },
  }),
  'POST /api/auth/reset': endpoint<'POST /api/auth/reset'>({
    handle: async ({ services, actor, body }) => {
      await services.resets.request(body.email, actor)
      return {}
    },
  }),
}

async function enter<R extends Route>(
  { services: { context }, actor, request, response }: Call<R>,
  verified: Verified,
  how: Pick<SessionOptions, 'remember' | 'by'>,
): Promise<void> {
  const { session, device } = readCookies(request)
  // The session that was there before ends: nobody can slip theirs under somebody else.
  await closeSession(context, actor, session)
  const deviceToken = device ?? makeToken()
  writeSession(
    response,
    await openSession(context, verified, { ...how, deviceToken, from: actor.from }),
    deviceToken,
  )
}

function callerOf<R extends Route>({ actor, request }: Call<R>): Caller {
  const network = networkOf(request.socket.remoteAddress)
  return { actor, network, deviceToken: readCookies(request).device }
}
