/** What the server says about itself. */
import { readBranding } from '../domain/branding/house.ts'
import type { Reply } from '../contract/routes.ts'
import { endpoint } from './endpoint.ts'
import { openApi, type OpenApi } from './openapi.ts'

export const serverRoutes = {
  'GET /api/status': endpoint<'GET /api/status'>({
    handle: async ({ services: { context, version } }) => ({
      needsSetup: !(await context.store.accounts.hasAdministrator()),
      product: 'Huisclos',
      version,
      branding: await readBranding(context.store),
    }),
  }),
  'GET /api/keys': endpoint<'GET /api/keys'>({
    handle: ({ services }) => services.keys.signedKeySet(),
  }),
  'GET /api/openapi.json': endpoint<'GET /api/openapi.json'>({
    handle: ({ services: { context, version } }) =>
      Promise.resolve(readable(openApi(context.origin, version))),
  }),
}

function readable(document: OpenApi): Reply<'GET /api/openapi.json'> {
  return document as unknown as Reply<'GET /api/openapi.json'>
}
