/** The logo, for administrators. */
import { readBranding } from '../domain/branding/house.ts'
import { deleteLogo, writeLogo } from '../domain/branding/logo.ts'
import { endpoint } from './endpoint.ts'

export const brandingRoutes = {
  'PUT /api/admin/branding/logo': endpoint<'PUT /api/admin/branding/logo'>({
    handle: async ({ services: { context }, actor, bytes }) => {
      await writeLogo(context, actor, bytes)
      return { branding: await readBranding(context.store) }
    },
  }),
  'POST /api/admin/branding/logo/delete': endpoint<'POST /api/admin/branding/logo/delete'>({
    handle: async ({ services: { context }, actor }) => {
      await deleteLogo(context, actor)
      return { branding: await readBranding(context.store) }
    },
  }),
}
