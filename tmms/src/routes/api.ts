/** Mounts every route of the contract: guard, parse, call, reply. */
import express, { Router, type Request, type RequestHandler, type Response } from 'express'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { MeetingId, Role, Route } from '../contract.ts'
import { notFound } from '../domain/meetings/meeting.ts'
import { accountOfSession } from '../domain/sign-in/session.ts'
import { TmmsError } from '../errors.ts'
import { readCookies } from '../guards/cookies.ts'
import { noLinkSecret } from '../guards/no-link-secret.ts'
import { rateLimit } from '../guards/rate-limit.ts'
import { requestLog } from '../guards/request-log.ts'
import { sameOrigin } from '../guards/same-origin.ts'
import type { AccountRecord } from '../store/accounts.ts'
import { accountRoutes } from './accounts.ts'
import type { Endpoint, Endpoints, Services } from './endpoint.ts'
import { failure } from './failure.ts'
import { meetingRoutes } from './meetings.ts'
import { meetingId } from './schemas.ts'
import { serverRoutes } from './server.ts'
import { sessionRoutes } from './sessions.ts'

const BODY_LIMIT = '64kb'

export const ENDPOINTS: Endpoints = {
  ...serverRoutes,
  ...sessionRoutes,
  ...accountRoutes,
  ...meetingRoutes,
}

/** Everything under `/api`, unknown paths included. */
export function apiRouter(services: Services, logger: Logger): Router {
  const { origin, now } = services.context
  const router = Router({ caseSensitive: true, strict: true })
  router.use(requestLog(logger), noStore, rateLimit(now), sameOrigin(origin))
  const type = 'application/json'
  router.use(express.json({ limit: BODY_LIMIT, inflate: false, type, verify: noLinkSecret }))
  for (const [route, endpoint] of Object.entries(ENDPOINTS)) {
    const [method = '', path = ''] = route.split(' ')
    const handler = handlerOf(endpoint as unknown as AnyEndpoint, services)
    const mount = router[method.toLowerCase() as 'get' | 'post' | 'patch'].bind(router)
    mount(path.replace(/^\/api/, ''), handler)
  }
  router.use(() => {
    throw new TmmsError('not-found', 'There is no such route.')
  })
  router.use(failure(logger))
  return router
}

const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store')
  next()
}

// Which route it is no longer matters here: the table's type has seen to it that the parts fit each other.
interface AnyEndpoint {
  readonly who: Endpoint<Route>['who']
  readonly body: z.ZodType | null
  readonly handle: (call: unknown) => Promise<unknown>
}

function handlerOf(endpoint: AnyEndpoint, services: Services): RequestHandler {
  return async (request, response) => {
    const account = await admitted(endpoint.who, request, services)
    const id = idOf(request)
    const body = endpoint.body === null ? undefined : parse(endpoint.body, request.body)
    const call = { services, request, response, body, account, id }
    reply(response, await endpoint.handle(call))
  }
}

function reply(response: Response, value: unknown): void {
  if (typeof value === 'string') response.type('text/plain').send(value)
  else response.json(value)
}

const ROLES = {
  'signed-in': ['administrator', 'organiser', 'user'],
  planner: ['administrator', 'organiser'],
  administrator: ['administrator'],
} as const satisfies Record<Exclude<AnyEndpoint['who'], 'anyone'>, readonly Role[]>

async function admitted(
  who: AnyEndpoint['who'],
  request: Request,
  { context }: Services,
): Promise<AccountRecord | undefined> {
  if (who === 'anyone') return undefined
  const account = await accountOfSession(context, readCookies(request).session)
  if (account === undefined) throw new TmmsError('signed-out', 'Nobody is signed in.')
  const roles: readonly Role[] = ROLES[who]
  if (roles.includes(account.role)) return account
  throw new TmmsError('not-allowed', 'This account may not do that.')
}

function idOf(request: Request): MeetingId {
  const id = request.params['id']
  if (id === undefined) return '' as MeetingId
  // No such id was ever given out, so the answer is that of an unknown one.
  if (!meetingId.safeParse(id).success) throw notFound()
  return id as MeetingId
}

function parse(schema: z.ZodType, body: unknown): unknown {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.') ?? ''
  // The message names the place, not the value: bodies hold credentials.
  throw new TmmsError('bad-request', `The body is not as it should be${field && ` at ${field}`}.`, {
    ...(field === '' ? {} : { field }),
  })
}
