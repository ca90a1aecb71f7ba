/** Mounts every route of the contract: guard, parse, call, reply. */
import express, { Router, type RequestHandler, type Response } from 'express'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { API_HEADER, API_VERSION } from '../contract/answer.ts'
import { BODY_MAX_BYTES } from '../contract/limits.ts'
import type { RouteShape } from '../contract/route.ts'
import { ROUTES, type Route } from '../contract/routes.ts'
import { wrongMember } from '../domain/wrong-member.ts'
import { TmmsError } from '../errors.ts'
import { noLinkSecret } from '../guards/no-link-secret.ts'
import { rateLimit } from '../guards/rate-limit.ts'
import { requestLog } from '../guards/request-log.ts'
import { sameOrigin } from '../guards/same-origin.ts'
import { accountRoutes } from './accounts.ts'
import { adminMeetingRoutes } from './admin-meetings.ts'
import { apiTokenRoutes } from './api-tokens.ts'
import { auditRoutes } from './audit.ts'
import { admit, servicesOf } from './admission.ts'
import { bounded } from './bounded-body.ts'
import { brandingRoutes } from './branding.ts'
import type { Endpoints, Services } from './endpoint.ts'
import { failure } from './failure.ts'
import { groupRoutes } from './groups.ts'
import { letterRoutes } from './letters.ts'
import { mailRoutes } from './mail.ts'
import { meetingRoutes } from './meetings.ts'
import { noSuch } from './no-such.ts'
import { peopleRoutes } from './people.ts'
import { readRaw } from './raw-body.ts'
import { serverRoutes } from './server.ts'
import { sessionRoutes } from './sessions.ts'
import { settingRoutes } from './settings.ts'
import { systemRoutes } from './system.ts'

export const ENDPOINTS: Endpoints = {
  ...serverRoutes,
  ...sessionRoutes,
  ...accountRoutes,
  ...peopleRoutes,
  ...meetingRoutes,
  ...adminMeetingRoutes,
  ...apiTokenRoutes,
  ...auditRoutes,
  ...groupRoutes,
  ...settingRoutes,
  ...mailRoutes,
  ...letterRoutes,
  ...brandingRoutes,
  ...systemRoutes,
}

/** Of wrong members, so that an answer does not grow with what was sent. */
const NAMED_MAX = 20

/** Everything under `/api`, unknown paths included. */
export function apiRouter(services: Services, logger: Logger): Router {
  const { origin, now } = services.context
  const router = Router({ caseSensitive: true, strict: true })
  router.use(requestLog(logger), everyAnswer, rateLimit(now), sameOrigin(origin))
  router.use(readJson)
  for (const [route, shape] of Object.entries(ROUTES)) {
    const [method = '', path = ''] = route.split(' ')
    const endpoint = ENDPOINTS[route as Route] as unknown as AnyEndpoint
    const handler = handlerOf(route, { shape, endpoint }, services)
    const mount = router[method.toLowerCase() as 'get' | 'post' | 'patch'].bind(router)
    mount(path.replace(/^\/api/, ''), handler)
  }
  router.use(() => {
    throw new TmmsError('not-found', 'There is no such route.')
  })
  router.use(failure(logger))
  return router
}

const JSON_BODY = { maxBytes: BODY_MAX_BYTES, type: 'application/json' }
const readJson = bounded(
  express.json({
    limit: BODY_MAX_BYTES,
    inflate: false,
    type: JSON_BODY.type,
    verify: noLinkSecret,
  }),
  JSON_BODY,
)

const everyAnswer: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader(API_HEADER, API_VERSION)
  next()
}

// Which route it is no longer matters here: the table's type has seen to it that the parts fit each other.
interface AnyEndpoint {
  readonly handle: (call: unknown) => Promise<unknown>
}

function handlerOf(
  route: string,
  { shape, endpoint }: { readonly shape: RouteShape; readonly endpoint: AnyEndpoint },
  services: Services,
): RequestHandler {
  return async (request, response) => {
    const admission = await admit(services, request, { route, rights: shape })
    const { actor } = admission
    const path = shape.path && parsePath(route, shape.path, request.params)
    const query = shape.query && parse(shape.query, request.query, 'query')
    const body = shape.body && parse(shape.body, request.body, 'body')
    const { rawMaxBytes } = shape
    const bytes = rawMaxBytes && (await readRaw(request, response, rawMaxBytes))
    // Whoever sends slowly says how long that takes.
    if (rawMaxBytes !== undefined) await admission.again(services.context.store)
    const account = actor.account ?? undefined
    const own = servicesOf(services, admission)
    const call = { services: own, request, response, actor, path, query, body, bytes, account }
    reply(response, await endpoint.handle(call))
  }
}

function reply(response: Response, value: unknown): void {
  // The handler has answered piece by piece.
  if (response.headersSent) return
  if (typeof value === 'string') response.type('text/plain').send(value)
  else response.json(value)
}

function parsePath(route: string, schema: z.ZodType, params: unknown): unknown {
  const parsed = schema.safeParse(params)
  if (parsed.success) return parsed.data
  throw noSuch(route)
}

function parse(schema: z.ZodType, value: unknown, part: 'query' | 'body'): unknown {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const fields = [...new Set(parsed.error.issues.map(wrongMember))].slice(0, NAMED_MAX)
  const [field = ''] = fields
  // The message names the place, not the value: bodies hold credentials.
  const message = `The ${part} is not as it should be${field && ` at ${fields.join(', ')}`}.`
  if (field === '') throw new TmmsError('bad-request', message)
  const problems = fields.map((one) => ({ code: 'bad-request' as const, field: one }))
  throw new TmmsError('bad-request', message, {
    field,
    ...(problems.length > 1 ? { problems } : {}),
  })
}
