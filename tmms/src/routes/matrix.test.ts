import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '../contract/routes.ts'
import {
  Device,
  ORIGIN,
  START,
  credentialFor,
  openWorld,
  plan,
  type Browser,
  type World,
} from '../../test/harness.ts'
import { ENDPOINTS } from './api.ts'

const WHO = ['nobody', 'user', 'organiser', 'administrator', 'owner'] as const
type Who = (typeof WHO)[number]

let world: World
let browsers: Readonly<Record<Who, Browser>>
let id: string
let guestId: string
let groupId: string
let profiles: unknown
const device = new Device()
beforeAll(async () => {
  world = await openWorld()
  const administrator = await world.administrator()
  const owner = (await world.person('owner@example.org', 'organiser')).browser
  browsers = {
    nobody: world.browser(),
    user: (await world.person('user@example.org', 'user')).browser,
    organiser: (await world.person('organiser@example.org', 'organiser')).browser,
    administrator,
    owner,
  }
  guestId = (await world.person('guest@example.org')).account.id
  id = (await plan(owner, ['guest@example.org'])).id
  const group = { name: 'Group', domains: [], restrictions: {} }
  groupId = (await administrator.call('POST /api/admin/groups', group)).body.group.id as string
  profiles = (await administrator.call('GET /api/admin/policy')).body
})
afterAll(() => world.close())

const unknownLink = 'A'.repeat(43)
const params = { v: 1, kdf: 'argon2id', salt: 'A'.repeat(22), m: 47_104, t: 1, p: 1 } as const

const invitation = { email: 'i@example.org', role: 'administrator', language: 'en' }

/** A body that only the caller's rights can spoil. */
const BODIES: Partial<Record<Route, () => unknown>> = {
  'POST /api/links/read': () => ({ token: unknownLink }),
  'POST /api/links/accept': () => ({
    token: unknownLink,
    firstName: 'A',
    lastName: 'B',
    language: 'en',
    credential: credentialFor(params),
  }),
  'POST /api/auth/params': () => ({ email: 'x@example.org' }),
  'POST /api/auth/login': () => ({ email: 'x@x.org', v: 1, auth: unknownLink, remember: false }),
  'POST /api/auth/logout': () => ({}),
  'POST /api/auth/logout-everywhere': () => ({}),
  'POST /api/auth/reset': () => ({ email: 'x@example.org' }),
  'PATCH /api/me': () => ({ language: 'en' }),
  'POST /api/admin/accounts': () => invitation,
  'POST /api/admin/accounts/check': () => ({ people: [invitation] }),
  'POST /api/admin/accounts/invite': () => ({ people: [invitation] }),
  'POST /api/admin/accounts/bulk': () => ({ ids: [guestId], action: { do: 'sign-out' } }),
  'POST /api/admin/accounts/export': () => ({}),
  'PATCH /api/admin/accounts/:id': () => ({ version: 1, role: 'administrator' }),
  'POST /api/admin/accounts/:id/suspend': () => ({}),
  'POST /api/admin/accounts/:id/resume': () => ({}),
  'POST /api/admin/accounts/:id/sign-out': () => ({}),
  'POST /api/admin/accounts/:id/invite': () => ({}),
  'POST /api/admin/accounts/:id/withdraw': () => ({}),
  'POST /api/admin/accounts/:id/delete': () => ({ meetings: 'cancel' }),
  'POST /api/meetings': () => ({
    title: 'T',
    startsAt: new Date(START).toISOString(),
    durationMin: 30,
    invited: [],
  }),
  'PUT /api/admin/settings/:area': () => ({}),
  'POST /api/admin/mail/retry': () => ({}),
  'POST /api/admin/mail/queue/:id/retry': () => ({}),
  'POST /api/admin/mail/queue/:id/give-up': () => ({}),
  'PUT /api/admin/mail/password': () => ({ password: 'a password' }),
  'POST /api/admin/mail/test': () => ({}),
  'PUT /api/admin/branding/logo': () => ({}),
  'POST /api/admin/branding/logo/delete': () => ({}),
  'PUT /api/admin/letters/:id': () => ({ wording: { en: {}, fr: {} } }),
  'POST /api/admin/letters/:id/reset': () => ({}),
  'POST /api/admin/letters/:id/preview': () => ({ language: 'en', wording: { en: {}, fr: {} } }),
  'PATCH /api/meetings/:id': () => ({ sequence: 0 }),
  'POST /api/meetings/:id/cancel': () => ({}),
  'POST /api/meetings/:id/invite': () => ({ invited: [] }),
  'POST /api/meetings/:id/exclude': () => ({ sub: guestId }),
  'POST /api/meetings/:id/attendance/export': () => ({}),
  'POST /api/admin/meetings/:id/cancel': () => ({}),
  'POST /api/admin/meetings/:id/end': () => ({}),
  'POST /api/admin/meetings/:id/organiser': () => ({ sequence: 9, to: guestId }),
  'POST /api/meetings/:id/join': () => ({}),
  'POST /api/admin/groups': () => ({ name: 'Another', domains: [], restrictions: {} }),
  'PUT /api/admin/groups/:id': () => ({ name: 'Group', domains: [], restrictions: {} }),
  'POST /api/admin/groups/:id/delete': () => ({}),
  'POST /api/admin/groups/:id/members': () => ({ emails: ['guest@example.org'] }),
  'POST /api/admin/groups/:id/members/remove': () => ({ account: guestId }),
  'PUT /api/admin/accounts/:id/groups': () => ({ groups: [] }),
  'PUT /api/admin/policy': () => profiles,
}

const all = (code: string) => Object.fromEntries(WHO.map((who) => [who, code]))
const signedIn = { ...all('ok'), nobody: 'signed-out' }
const administrators = (code: string) => ({
  ...all('not-allowed'),
  nobody: 'signed-out',
  administrator: code,
})
const administered = { ...all('not-allowed'), nobody: 'signed-out', administrator: 'ok' }
const owned = { ...all('not-found'), nobody: 'signed-out', owner: 'ok' }

const EXPECTED: Readonly<Record<Route, Readonly<Record<string, string>>>> = {
  'GET /api/status': all('ok'),
  'GET /api/keys': all('ok'),
  'POST /api/links/read': all('link-unknown'),
  'POST /api/links/accept': all('link-unknown'),
  'POST /api/auth/params': all('ok'),
  'POST /api/auth/login': all('wrong-credentials'),
  'POST /api/auth/reset': all('ok'),
  'GET /api/session': all('ok'),
  'GET /api/me': signedIn,
  'PATCH /api/me': signedIn,
  'GET /api/admin/accounts': administrators('ok'),
  'POST /api/admin/accounts': administrators('ok'),
  'POST /api/admin/accounts/check': administrators('ok'),
  'POST /api/admin/accounts/invite': administrators('ok'),
  'POST /api/admin/accounts/bulk': administrators('ok'),
  'POST /api/admin/accounts/export': administrators('ok'),
  // The id is that of a meeting: rights are what is tried here.
  'GET /api/admin/accounts/:id': administrators('not-found'),
  'GET /api/admin/accounts/:id/meetings': administrators('not-found'),
  'PATCH /api/admin/accounts/:id': administrators('not-found'),
  'POST /api/admin/accounts/:id/suspend': administrators('not-found'),
  'POST /api/admin/accounts/:id/resume': administrators('not-found'),
  'POST /api/admin/accounts/:id/sign-out': administrators('not-found'),
  'POST /api/admin/accounts/:id/invite': administrators('not-found'),
  'POST /api/admin/accounts/:id/withdraw': administrators('not-found'),
  'POST /api/admin/accounts/:id/delete': administrators('not-found'),
  'GET /api/audit/checkpoint': signedIn,
  // Sizes are missing, and the id is that of a meeting: rights are what is tried here.
  'GET /api/audit/consistency': { ...all('bad-request'), nobody: 'signed-out' },
  'GET /api/admin/audit': administrators('ok'),
  'GET /api/admin/audit/state': administrators('ok'),
  'GET /api/admin/audit/export': administrators('ok'),
  'GET /api/admin/audit/entries/:id': administrators('not-found'),
  'GET /api/admin/settings': administered,
  'PUT /api/admin/settings/:area': { ...administered, administrator: 'not-found' },
  'GET /api/admin/system': administered,
  'GET /api/admin/mail': administered,
  'GET /api/admin/mail/queue': administered,
  'POST /api/admin/mail/retry': administered,
  'POST /api/admin/mail/queue/:id/retry': { ...administered, administrator: 'not-found' },
  'POST /api/admin/mail/queue/:id/give-up': { ...administered, administrator: 'not-found' },
  'PUT /api/admin/mail/password': administered,
  'POST /api/admin/mail/test': administered,
  // The id is that of a meeting: rights are what is tried here.
  // There is no picture in the body.
  'PUT /api/admin/branding/logo': { ...administered, administrator: 'bad-request' },
  'POST /api/admin/branding/logo/delete': administered,
  'GET /api/admin/letters': administered,
  'PUT /api/admin/letters/:id': { ...administered, administrator: 'not-found' },
  'POST /api/admin/letters/:id/reset': { ...administered, administrator: 'not-found' },
  'POST /api/admin/letters/:id/preview': { ...administered, administrator: 'not-found' },
  'GET /api/meetings': signedIn,
  'POST /api/meetings': { ...signedIn, user: 'not-allowed' },
  'GET /api/meetings/:id': owned,
  'PATCH /api/meetings/:id': owned,
  'POST /api/meetings/:id/invite': owned,
  'POST /api/meetings/:id/exclude': owned,
  'POST /api/meetings/:id/join': owned,
  'POST /api/meetings/:id/attendance/export': { ...owned, administrator: 'ok' },
  'GET /api/admin/meetings': administrators('ok'),
  'GET /api/admin/meetings/:id': administrators('ok'),
  'POST /api/admin/meetings/:id/organiser': administrators('no-organiser'),
  'GET /api/policy': signedIn,
  'GET /api/admin/policy': administrators('ok'),
  'PUT /api/admin/policy': administrators('ok'),
  'GET /api/admin/groups': administrators('ok'),
  'POST /api/admin/groups': administrators('ok'),
  'GET /api/admin/groups/:id': administrators('ok'),
  'PUT /api/admin/groups/:id': administrators('ok'),
  'GET /api/admin/groups/:id/members': administrators('ok'),
  'POST /api/admin/groups/:id/members': administrators('ok'),
  'POST /api/admin/groups/:id/members/remove': administrators('ok'),
  'POST /api/admin/groups/:id/delete': administrators('ok'),
  'GET /api/admin/accounts/:id/policy': administrators('ok'),
  'PUT /api/admin/accounts/:id/groups': administrators('ok'),
  // Last, because they end what the others need.
  'POST /api/meetings/:id/cancel': owned,
  'POST /api/admin/meetings/:id/end': administrators('wrong-state'),
  'POST /api/admin/meetings/:id/cancel': administrators('ok'),
  'POST /api/auth/logout': all('ok'),
  'POST /api/auth/logout-everywhere': all('signed-out'),
}

describe('T8 every route for every role', () => {
  it('is in this table', () => {
    expect(Object.keys(EXPECTED).toSorted()).toEqual(Object.keys(ENDPOINTS).toSorted())
  })

  const cases = Object.entries(EXPECTED).flatMap(([route, codes]) =>
    WHO.map((who) => [route as Route, who, codes[who] ?? ''] as const),
  )
  it.each(cases)('%s by %s is %s', async (route, who, code) => {
    // Another address each time: what is tried here is rights, not the delay after failures.
    if (route === 'POST /api/auth/login') world.clock.nowMs += 60_000
    const dpop = route.endsWith('/join') ? await device.prove(id, world.clock.nowMs) : null
    const answer = await browsers[who].call(route, BODIES[route]?.(), {
      id: route.includes('/groups/:id')
        ? groupId
        : /accounts.:id.(policy|groups)$/.test(route)
          ? guestId
          : id,
      headers: dpop === null ? {} : { dpop },
    })
    expect(answer.status === 200 ? 'ok' : answer.body.code).toBe(code)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('huisclos-api')).toBe('1')
  })
})

describe('every route that changes something', () => {
  const changing = Object.keys(BODIES) as Route[]

  it.each(changing)('%s refuses other sites, forms and strange bodies', async (route) => {
    const browser = browsers.nobody
    const body = BODIES[route]?.()
    const call = async (headers: Record<string, string>, raw?: string) => {
      const options = raw === undefined ? { id, headers } : { id, headers, raw }
      return String((await browser.call(route, body, options)).body.code)
    }
    expect(await call({ origin: 'https://evil.example' })).toBe('wrong-origin')
    expect(await call({ origin: 'null' })).toBe('wrong-origin')
    expect(await call({ origin: `${ORIGIN}.evil.example` })).toBe('wrong-origin')
    expect(await call({ 'sec-fetch-site': 'same-site' })).toBe('wrong-origin')
    expect(await call({ 'content-type': 'text/plain' })).toBe('bad-request')
    expect(await call({ 'content-type': 'application/x-www-form-urlencoded' })).toBe('bad-request')
    expect(await call({}, '{"a":')).toBe('bad-request')
    expect(await call({}, JSON.stringify({ x: 'x'.repeat(65_536) }))).toBe('too-large')
  })

  it('needs an Origin at all', async () => {
    const response = await fetch(`${world.base}/api/auth/logout`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect([response.status, await response.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'wrong-origin' }),
    ])
  })

  it.each([
    '[]',
    'null',
    '"text"',
    '{"email":"a@example.org","extra":1}',
    '{"email":"a@example.org","__proto__":{"x":1}}',
    '{"email":"a@example.org","constructor":{"prototype":{}}}',
    '{"email":{"toString":1}}',
    '{"email":["a@example.org"]}',
    `{"email":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
  ])('W2 refuses %s', async (raw) => {
    const answer = await world.browser().call('POST /api/auth/params', null, { raw })
    expect([answer.status, answer.body.code]).toEqual([400, 'bad-request'])
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  it('refuses compressed bodies, which can be bombs', async () => {
    const headers = { 'content-encoding': 'gzip' }
    const answer = await world.browser().call('POST /api/auth/params', { email: 'a' }, { headers })
    expect(answer.body.code).toBe('bad-request')
  })

  it('an unknown route is told in JSON', async () => {
    for (const route of ['GET /api/nothing', 'POST /api/me', 'DELETE /api/me', 'GET /api/ME']) {
      const answer = await world.browser().call(route, route.startsWith('GET') ? undefined : {})
      expect([answer.status, answer.body.code]).toEqual([404, 'not-found'])
    }
  })
})
