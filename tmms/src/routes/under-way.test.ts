/** T7 what is under way when rights end, beside the first transaction of a request. */
import { request, type ClientRequest } from 'node:http'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { codeOf, ORIGIN, type Browser } from '../../test/browser.ts'
import { Cast, type Member } from '../../test/cast.ts'
import { openWorld, plan, START, type World } from '../../test/world.ts'
import { pngOf } from '../../test/png.ts'

const gate = await vi.hoisted(async () => new (await import('../../test/gate.ts')).Gate())
vi.mock(import('../store/store.ts'), async (original) => {
  const real = await original()
  return { ...real, openStore: async (...given) => gate.around(await real.openStore(...given)) }
})

let world: World
let cast: Cast
let root: Browser
beforeAll(async () => {
  world = await openWorld()
  await world.administrator()
  cast = new Cast(world, () => gate.store)
  root = (await cast.member('administrator')).browser
})
afterAll(() => world.close())

const suspend = (id: string) => root.call('POST /api/admin/accounts/:id/suspend', {}, { id })

it('T7 a long request does nothing more once whoever sent it is suspended', async () => {
  const { id, browser } = await cast.member('administrator')
  const people = ['first', 'second', 'third'].map((name) => {
    return { email: `${name}@cast.example`, role: 'user', language: 'en' }
  })
  const held = gate.hold(1)
  const inviting = browser.call('POST /api/admin/accounts/invite', { people })
  await held.reached
  expect(codeOf(await suspend(id))).toBe('ok')
  held.release()
  const refused = [{ code: 'signed-out', field: '' }]
  expect((await inviting).body.results).toEqual([[], refused, refused])
  expect(await gate.store.accounts.byEmail('second@cast.example')).toBeUndefined()
})

const PNG = pngOf(256, 80)

/** Sends its head and begins its body. */
function begin(cookie: string): { sending: ClientRequest; status: Promise<number> } {
  const headers = {
    origin: ORIGIN,
    'content-type': 'image/png',
    'content-length': PNG.length,
    cookie,
  }
  const sending = request(`${world.base}/api/admin/branding/logo`, { method: 'PUT', headers })
  const status = new Promise<number>((resolve, reject) => {
    sending.on('error', reject)
    sending.on('response', (response) => resolve(response.resume().statusCode ?? 0))
  })
  sending.write(PNG.subarray(0, 8))
  return { sending, status }
}

it('T7 a body that comes slowly is refused once its sender is suspended', async () => {
  const { id, browser } = await cast.member('administrator')
  const admitted = vi.spyOn(gate.store.sessions, 'find')
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const { sending, status } = begin(cookie)
  await vi.waitUntil(() => admitted.mock.settledResults.length > 0)
  expect(codeOf(await suspend(id))).toBe('ok')
  sending.end(PNG.subarray(8))
  expect(await status).toBe(401)
  expect((await root.call('GET /api/status')).body.branding.logo).toBeNull()
})

const soon = new Date(START + 3_600_000).toISOString()
const guest = { invited: ['guest@cast.example'] }
it.each([
  ['POST /api/meetings', { title: 'Held', startsAt: soon, durationMin: 30, ...guest }],
  ['POST /api/meetings/:id/invite', guest],
  ['PATCH /api/meetings/:id', { sequence: 0, ...guest }],
] as const)('T7 %s is refused once a group forbids its sender to organise', async (route, body) => {
  const { id: account, browser } = await cast.member('organiser')
  const { id } = await plan(browser, [])
  const group = { name: cast.fresh('group'), domains: [], restrictions: { organise: false } }
  const made = (await root.call('POST /api/admin/groups', group)).body.group as { id: string }
  const held = gate.hold()
  const asking = browser.call(route, body, { id })
  await held.reached
  const groups = { version: 1, groups: [made.id] }
  const put = await root.call('PUT /api/admin/accounts/:id/groups', groups, { id: account })
  expect(codeOf(put)).toBe('ok')
  held.release()
  expect(codeOf(await asking)).toBe('restricted')
})

it('T7 an API token restricts no administrator by a group, and frees none', async () => {
  const { id: account, email }: Member = await cast.member('administrator')
  const headers = { authorization: `Bearer ${(await cast.token(account)).secret}` }
  const ask = async (route: string, body: object, id = '') =>
    codeOf(await world.browser().call(route, body, { id, headers }))
  const [empty, id] = [await cast.group(), await cast.group([account])]
  const none = { name: cast.fresh('group'), domains: [], restrictions: {} }
  const byDomain = { ...none, name: cast.fresh('group'), domains: ['cast.example'] }
  expect([
    await ask('PUT /api/admin/accounts/:id/groups', { version: 1, groups: [empty] }, account),
    await ask('PUT /api/admin/accounts/:id/groups', { version: 1, groups: [] }, account),
    await ask('POST /api/admin/groups/:id/members', { emails: [email] }, empty),
    await ask('POST /api/admin/groups/:id/members/remove', { account }, id),
    await ask('PUT /api/admin/groups/:id', { version: 1, ...none }, id),
    await ask('PUT /api/admin/groups/:id', { version: 1, ...byDomain }, empty),
    await ask('POST /api/admin/groups/:id/delete', {}, id),
    await ask('POST /api/admin/groups', byDomain),
  ]).toEqual(Array(8).fill('token-scope'))
  expect(await gate.store.groups.byHand(account)).toEqual([id])
  expect(await ask('PUT /api/admin/groups/:id', { version: 1, ...none }, empty)).toBe('ok')
})
