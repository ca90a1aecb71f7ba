/** What the server says about itself. */
import { readBranding } from '../domain/branding/house.ts'
import { endpoint } from './endpoint.ts'

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
}
