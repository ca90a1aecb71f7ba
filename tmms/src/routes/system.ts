/** What runs here. */
import { describeSystem } from '../domain/system/system.ts'
import { endpoint } from './endpoint.ts'

export const systemRoutes = {
  'GET /api/admin/system': endpoint<'GET /api/admin/system'>({
    handle: ({ services: { system, since } }) => describeSystem(system, since),
  }),
}
