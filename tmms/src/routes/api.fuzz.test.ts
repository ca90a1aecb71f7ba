/**
 * W2 malformed requests to every route, as an administrator: each is answered by a refusal that the description knows, and
 * nobody is locked out by it. HC_FUZZ_INPUTS / 1000 of them (`npm run fuzz -- api`: ten thousand), 1000 when it is not set;
 * HC_FUZZ_SEED gives others.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Browser } from '../../test/browser.ts'
import { START, openWorld, plan, type World } from '../../test/world.ts'
import { malformed, type Malformed } from '../../test/malformed.ts'
import { allOperations } from '../../test/operations.ts'

const INPUTS = process.env['HC_FUZZ_INPUTS']
const REQUESTS = INPUTS === undefined ? 1_000 : Math.ceil(Number(INPUTS) / 1_000)
const SEED = Number(process.env['HC_FUZZ_SEED'] ?? 1)

let world: World
let administrator: Browser
/** Whom requests sign out. */
let other: Browser
const ids: string[] = []

beforeAll(async () => {
  // Whatever the settings become: no mail leaves this machine.
  const smtp = { host: '127.0.0.1', port: 9, security: 'none', user: '', password: '' } as const
  world = await openWorld({ smtp })
  administrator = await world.administrator()
  other = (await world.person('other@example.org', 'administrator')).browser
  const guest = await world.person('guest@example.org')
  const group = { name: 'Group', domains: [], restrictions: {} }
  const made = await administrator.call('POST /api/admin/groups', group)
  const meeting = await plan(administrator, ['guest@example.org'])
  ids.push(guest.account.id, made.body.group.id as string, meeting.id, 'mail', 'welcome', '0')
})
afterAll(() => world.close())

async function send({ operation, id, query, headers, body }: Malformed): Promise<void> {
  // What one network may ask in a second is not what is tried here, and sessions last.
  world.clock.nowMs = Math.min(world.clock.nowMs + 100, START + 3 * 3_600_000)
  const { route, path, statuses } = operation
  const browser = path.includes('/logout') ? other : administrator
  const template = route.replace(/:\w+/, ':id')
  const options = { id, headers, ...(body === undefined ? {} : { raw: body }) }
  const address = query === '' ? template : `${template}?${query}`
  const answer = await browser.call(address, undefined, options)
  // A request that is refused before any route is asked has a code as well: the harness has read it.
  expect([200, ...statuses, 404]).toContain(answer.status)
  expect(answer.status).toBeLessThan(500)
  expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
}

it(
  `W2 ${REQUESTS} malformed requests from seed ${SEED} are refused by known codes, and nobody is locked out`,
  async () => {
    const operations = allOperations()
    await fc.assert(
      fc.asyncProperty(
        fc.constant(null).chain(() => malformed(operations, ids)),
        send,
      ),
      { seed: SEED, numRuns: REQUESTS, endOnFailure: true },
    )
    world.clock.nowMs += 24 * 3_600_000
    const again = world.browser()
    expect((await again.signIn('root@example.org')).status).toBe(200)
    const list = await again.call('GET /api/admin/accounts?limit=1')
    expect(list.body.total).toBeGreaterThanOrEqual(1)
    for (const route of [
      'GET /api/admin/settings',
      'GET /api/admin/policy',
      'GET /api/admin/audit',
    ]) {
      expect((await again.call(route)).status).toBe(200)
    }
  },
  REQUESTS * 100 + 60_000,
)
