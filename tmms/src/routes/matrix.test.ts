/** T8 every route, for everybody, with every method: made of the description of the interface. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SCOPES } from '../contract/rights.ts'
import { ORIGIN, codeOf, type Answer, type Browser } from '../../test/browser.ts'
import { Device } from '../../test/device.ts'
import { openWorld, plan, type World } from '../../test/world.ts'
import { allOperations, type Operation } from '../../test/operations.ts'
import { ENDPOINTS } from './api.ts'

const WHO = ['nobody', 'user', 'organiser', 'owner', 'administrator'] as const
type Who = (typeof WHO)[number]

let world: World
let browsers: Readonly<Record<Who, Browser>>
/** Of objects that belong to others, by what stands before `:id` in the path. */
let ids: Readonly<Record<string, string>>
/** API tokens that have this scope only, and every other one. */
const only = new Map<string, string>()
const others = new Map<string, string>()
const device = new Device()

beforeAll(async () => {
  world = await openWorld()
  const administrator = await world.administrator()
  const person = async (name: string, role: 'user' | 'organiser') =>
    (await world.person(`${name}@example.org`, role)).browser
  const owner = await person('owner', 'organiser')
  browsers = {
    nobody: world.browser(),
    user: await person('user', 'user'),
    organiser: await person('organiser', 'organiser'),
    ...{ owner, administrator },
  }
  const guest = await world.person('guest@example.org')
  const group = { name: 'Group', domains: [], restrictions: {} }
  const made = await administrator.call('POST /api/admin/groups', group)
  for (const scope of SCOPES) {
    only.set(scope, (await makeToken([scope])).secret)
    others.set(scope, (await makeToken(SCOPES.filter((one) => one !== scope))).secret)
  }
  ids = {
    accounts: guest.account.id,
    meetings: (await plan(owner, ['guest@example.org'])).id,
    groups: made.body.group.id as string,
    'api-tokens': (await makeToken(SCOPES)).token.id,
    ...{ entries: '0', letters: 'welcome' },
  }
  await world.tmms.signCheckpoint()
})
afterAll(() => world.close())
beforeEach(() => {
  // What is tried here is rights, not what one network may ask in a second.
  world.clock.nowMs += 1_000
})

async function makeToken(scopes: readonly string[]) {
  const body = { name: 'Matrix', scopes }
  const answer = await browsers.administrator.call('POST /api/admin/api-tokens', body)
  return answer.body as { token: { id: string }; secret: string }
}

const operations = allOperations()
const changing = operations.filter(({ method }) => method !== 'GET')
const titled = (list: readonly Operation[]) => list.map((one) => [one.route, one] as const)
/** What is somebody else's does not exist. Administrators may see who was in a meeting. */
function isOthers({ path }: Operation, who: Who): boolean {
  if (!path.startsWith('/api/meetings/:id') || who === 'owner') return false
  return who !== 'administrator' || !path.includes('/attendance')
}
const NEVER = ['signed-out', 'not-allowed', 'token-unknown', 'token-scope', 'wrong-origin']

function idFor(path: string): string {
  const [, before = ''] = /\/([^/]+)\/:\w+/.exec(path) ?? []
  return ids[before] ?? 'A'.repeat(22)
}

/** With a body that only the caller's rights can spoil. */
async function ask(
  browser: Browser,
  operation: Operation,
  more: { readonly headers?: Record<string, string>; readonly body?: unknown } = {},
): Promise<Answer> {
  const { route, path, parameters, sample } = operation
  const id = idFor(path)
  const needed = parameters.filter((one) => one.in === 'query' && one.required === true)
  const query = needed.map(({ name }) => `${name}=1`).join('&')
  const proof = path.endsWith('/join') ? { dpop: await device.prove(id, world.clock.nowMs) } : {}
  const template = route.replace(/:\w+/, ':id')
  // No mail server of a sample is to be called.
  const body = path === '/api/admin/settings/mail' ? { version: 0 } : sample
  return browser.call(query === '' ? template : `${template}?${query}`, more.body ?? body, {
    id,
    headers: { ...proof, ...more.headers },
  })
}

/** A right that somebody has may still meet an object that is gone, but never a refusal of the right. */
function expectAdmitted(answer: Answer, { method, statuses }: Operation): void {
  // The same code says that a meeting is over.
  const over = /meeting/i.test(String(answer.body?.message))
  if (!over) expect(NEVER).not.toContain(codeOf(answer))
  expect(statuses).toContain(answer.status)
  if (method === 'GET') expect(codeOf(answer)).toBe('ok')
}

describe('T8 every route for every role', () => {
  it('is in the description, and the other way round', () => {
    const routes = operations.map(({ route }) => route)
    expect(routes.toSorted()).toEqual(Object.keys(ENDPOINTS).toSorted())
  })

  const cases = operations.flatMap((operation) =>
    WHO.map((who) => [operation.route, who, operation] as const),
  )
  it.each(cases)('%s by %s', async (_route, who, operation) => {
    const role = who === 'owner' ? 'organiser' : who
    const answer = await ask(browsers[who], operation)
    if (!operation.roles.includes(role)) {
      expect(codeOf(answer)).toBe(who === 'nobody' ? 'signed-out' : 'not-allowed')
    } else if (isOthers(operation, who)) {
      expect(codeOf(answer)).toBe('not-found')
    } else if (!operation.path.endsWith('/logout')) {
      expectAdmitted(answer, operation)
    }
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('huisclos-api')).toBe('1')
  })
})

describe('T8 every route for every API token', () => {
  beforeAll(async () => {
    const answer = await browsers.administrator.signIn('root@example.org')
    expect(answer.status).toBe(200)
  })
  const bearer = (secret: string | undefined) => ({
    headers: { authorization: `Bearer ${secret ?? ''}`, origin: 'https://other.example' },
  })

  it.each(titled(operations))('%s without its scope', async (_route, operation) => {
    const { scope } = operation
    const secrets = scope === null ? [...others.values()] : [others.get(scope)]
    for (const secret of secrets.slice(0, 2)) {
      // The cookies of an administrator beside it change nothing.
      const answer = await ask(browsers.administrator, operation, bearer(secret))
      expect(codeOf(answer)).toBe('token-scope')
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"')
    }
  })

  const open = operations.filter(({ scope }) => scope !== null)
  it.each(titled(open))('%s with its scope alone', async (_route, operation) => {
    const answer = await ask(browsers.nobody, operation, bearer(only.get(operation.scope ?? '')))
    if (isOthers(operation, 'administrator')) expect(codeOf(answer)).toBe('not-found')
    // Administrators and where mails go are no token's business, whatever its scope; some objects are gone by now.
    else if (codeOf(answer) === 'token-scope') expect(answer.body.message).toMatch(/administrators/)
    else if (operation.method !== 'GET' || !operation.path.includes(':')) {
      expectAdmitted(answer, operation)
    }
  })

  it.each(titled(operations))('%s with none that is known', async (_route, operation) => {
    world.clock.nowMs += 10_000
    for (const secret of ['hct_'.padEnd(47, 'A'), '']) {
      world.clock.nowMs += 10_000
      const answer = await ask(browsers.administrator, operation, bearer(secret))
      expect(codeOf(answer)).toBe('token-unknown')
    }
  })
})

describe('every route that changes something', () => {
  it.each(titled(changing))(
    '%s refuses other sites, forms and strange bodies',
    async (_, operation) => {
      const { route, path } = operation
      const id = idFor(path)
      const call = async (headers: Record<string, string>, raw?: string) => {
        const options = raw === undefined ? { id, headers } : { id, headers, raw }
        const template = route.replace(/:\w+/, ':id')
        return codeOf(await browsers.nobody.call(template, operation.sample ?? {}, options))
      }
      expect(await call({ origin: 'https://evil.example' })).toBe('wrong-origin')
      expect(await call({ origin: 'null' })).toBe('wrong-origin')
      expect(await call({ origin: `${ORIGIN}.evil.example` })).toBe('wrong-origin')
      expect(await call({ 'sec-fetch-site': 'same-site' })).toBe('wrong-origin')
      expect(await call({ 'content-type': 'text/plain' })).toBe('bad-request')
      expect(await call({ 'content-type': 'application/x-www-form-urlencoded' })).toBe(
        'bad-request',
      )
      expect(await call({}, '{"a":')).toBe('bad-request')
      expect(await call({}, JSON.stringify({ x: 'x'.repeat(65_536) }))).toBe('too-large')
    },
  )

  it.each(titled(changing))('%s names a member that it does not know', async (_, operation) => {
    const { roles, sample } = operation
    const browser = roles.includes('nobody') ? browsers.nobody : browsers.administrator
    for (const [field, body] of withUnknown(sample)) {
      world.clock.nowMs += 100
      const answer = await ask(browser, operation, { body })
      expect([codeOf(answer), answer.body.field]).toEqual(['bad-request', field])
    }
  })
})

/** The value with one member more, in each of its objects in turn. */
function withUnknown(value: unknown): [field: string, changed: unknown][] {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.entries(value).flatMap(([name, member]) =>
    withUnknown(member).map(([field, changed]): [string, unknown] => [
      `${name}.${field}`,
      Array.isArray(value)
        ? value.map((one: unknown, n) => (String(n) === name ? changed : one))
        : { ...value, [name]: changed },
    ]),
  )
  if (Array.isArray(value)) return inside
  return [['isAdmin', { ...value, isAdmin: true }], ...inside]
}

describe('every path', () => {
  const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
  const paths = [...new Set(operations.map(({ path }) => path))]

  it.each(paths)('%s is not found by a method that it does not have', async (path) => {
    for (const method of METHODS) {
      if (operations.some((one) => one.path === path && one.method === method)) continue
      const template = `${method} ${path.replace(/:\w+/, ':id')}`
      const body = method === 'GET' ? undefined : {}
      const answer = await browsers.administrator.call(template, body, { id: idFor(path) })
      expect([answer.status, codeOf(answer)]).toEqual([404, 'not-found'])
    }
  })
})
