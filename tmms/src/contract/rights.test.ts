import { describe, expect, it } from 'vitest'
import type { RouteShape } from './route.ts'
import { ROUTES } from './routes.ts'

const routes: [string, RouteShape][] = Object.entries(ROUTES)
/** Sign-in, one's own pages, a meeting's token, passwords: in person only. */
const IN_PERSON =
  /^(GET|POST) \/api\/(status|keys|links|auth|session)\b|\/api\/me$|\/api\/policy$|\/join$|\/password$|\/api\/admin\/api-tokens|\/api\/openapi.json$/

describe('T8 the rights of each route', () => {
  it.each(routes)('%s is open to administrators only when its path says so', (route, { who }) => {
    expect(who === 'administrator').toBe(
      route.includes(' /api/admin/') || route === 'GET /api/openapi.json',
    )
  })

  it.each(routes)('%s has a scope unless it is for people in person', (route, { scope }) => {
    if (!route.includes('/api/admin/policy')) expect(scope === null).toBe(IN_PERSON.test(route))
  })

  it.each(routes)('%s never changes anything by a scope that reads', (route, { scope, about }) => {
    expect(about).toMatch(/^[^\s].*\.$/s)
    if (scope === null) return
    const reads = route.startsWith('GET ') || /\/(check|export|preview)$/.test(route)
    expect(scope.endsWith(reads ? ':read' : ':write')).toBe(true)
  })
})
