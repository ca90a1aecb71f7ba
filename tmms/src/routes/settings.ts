/** What administrators set. */
import { readAllSettings } from '../domain/settings/read.ts'
import { writeSettings } from '../domain/settings/settings.ts'
import { endpoint } from './endpoint.ts'

export const settingRoutes = {
  'GET /api/admin/settings': endpoint<'GET /api/admin/settings'>({
    handle: async ({ services: { context } }) => ({
      settings: await readAllSettings(context.store),
    }),
  }),
  'PUT /api/admin/settings/:area': endpoint<'PUT /api/admin/settings/:area'>({
    handle: async ({ services: { context }, actor, path: { area }, body }) => ({
      settings: await writeSettings(context, actor, { area, value: body }),
    }),
  }),
}
