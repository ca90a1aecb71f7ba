/** API tokens: with one, a script calls the routes that name a scope, on behalf of whoever made it. */
import { z } from 'zod'
import { accountId, apiTokenId } from './ids.ts'
import { API_TOKEN_DAYS, API_TOKEN_MAX_DAYS } from './limits.ts'
import { SCOPES } from './rights.ts'
import { next, nothing, pageQuery, text, time, type RouteShape } from './route.ts'

const scopes = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length).readonly()

export const apiToken = z
  .strictObject({
    id: apiTokenId,
    name: z.string(),
    scopes,
    /** Who made it, and as whom it acts. */
    creator: z.strictObject({ id: accountId, email: z.string() }).readonly(),
    createdAt: time,
    expiresAt: time,
    expired: z.boolean(),
    /** To the minute; null when it was never used. */
    lastUsedAt: time.nullable(),
  })
  .readonly()
export type ApiToken = z.infer<typeof apiToken>

const inPerson = { who: 'administrator', scope: null } as const

export const apiTokenRoutes = {
  'GET /api/admin/api-tokens': {
    ...inPerson,
    about: 'API tokens of all administrators, newest first.',
    query: pageQuery,
    reply: z.strictObject({ tokens: z.array(apiToken).readonly(), next }),
  },
  'POST /api/admin/api-tokens': {
    ...inPerson,
    about: 'Makes an API token. `secret` is shown in this answer only, and kept nowhere.',
    body: z.strictObject({
      name: text,
      scopes,
      /** Days until it expires. */
      days: z.int().min(1).max(API_TOKEN_MAX_DAYS).default(API_TOKEN_DAYS),
    }),
    reply: z.strictObject({ token: apiToken, secret: z.string() }),
  },
  'POST /api/admin/api-tokens/:id/revoke': {
    ...inPerson,
    about: 'Ends an API token at once.',
    path: z.strictObject({ id: apiTokenId }),
    body: nothing,
    reply: nothing,
  },
} as const satisfies Readonly<Record<string, RouteShape>>
