/** API tokens, for administrators. */
import { listApiTokens, makeApiToken, revokeApiToken } from '../domain/api-tokens/api-token.ts'
import { endpoint } from './endpoint.ts'

export const apiTokenRoutes = {
  'GET /api/admin/api-tokens': endpoint<'GET /api/admin/api-tokens'>({
    handle: async ({ services: { context }, query }) => {
      const { rows, next } = await listApiTokens(context, query)
      return { tokens: rows, next }
    },
  }),
  'POST /api/admin/api-tokens': endpoint<'POST /api/admin/api-tokens'>({
    handle: ({ services: { context }, actor, body }) => makeApiToken(context, actor, body),
  }),
  'POST /api/admin/api-tokens/:id/revoke': endpoint<'POST /api/admin/api-tokens/:id/revoke'>({
    handle: async ({ services: { context }, actor, path: { id } }) => {
      await revokeApiToken(context, actor, id)
      return {}
    },
  }),
}
