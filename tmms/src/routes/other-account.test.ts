/** A page goes on in nobody else's name when another tab of its browser has signed in. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { WHO } from '../contract/rights.ts'
import { ROUTES, type Route } from '../contract/routes.ts'
import { codeOf, type Browser } from '../../test/browser.ts'
import { openWorld, type World } from '../../test/world.ts'

let world: World
let boss: Browser
let ids: { readonly boss: string; readonly agnes: string }
beforeAll(async () => {
  world = await openWorld()
  boss = await world.administrator()
  const { account } = await world.person('agnes@example.org')
  ids = { boss: (await boss.call('GET /api/me')).body.id as string, agnes: account.id }
})
afterAll(() => world.close())
beforeEach(() => {
  world.clock.nowMs += 1_000
})

const as = (account: string) => ({ id: 'A'.repeat(22), headers: { 'huisclos-account': account } })
const signedIn = (Object.keys(ROUTES) as Route[]).filter((route) => WHO[ROUTES[route].who] !== null)

it.each([...signedIn, 'POST /api/auth/logout'])(
  'T8 %s does nothing for a page of another account',
  async (route) => {
    const body = route.startsWith('GET') ? undefined : {}
    expect(codeOf(await boss.call(route, body, as(ids.agnes)))).toBe('other-account')
  },
)

it('T8 a page of the same account goes on, and so does a program that names none', async () => {
  expect(codeOf(await boss.call('GET /api/me', undefined, as(ids.boss)))).toBe('ok')
  expect(codeOf(await boss.call('GET /api/me'))).toBe('ok')
})

it('T8 nobody signed in is told apart, and who is in may be asked in any name', async () => {
  const nobody = await world.browser().call('GET /api/me', undefined, as(ids.agnes))
  expect(codeOf(nobody)).toBe('signed-out')
  const answer = await boss.call('GET /api/session', undefined, as(ids.agnes))
  expect(answer.body.account.id).toBe(ids.boss)
})

it('T8 beside an API token it counts for nothing', async () => {
  const made = await boss.call('POST /api/admin/api-tokens', {
    ...{ name: 'Script', scopes: ['people:read'] },
  })
  const headers = { authorization: `Bearer ${made.body.secret as string}` }
  const both = { headers: { ...headers, ...as(ids.agnes).headers } }
  expect(codeOf(await world.browser().call('GET /api/admin/accounts', undefined, both))).toBe('ok')
})
