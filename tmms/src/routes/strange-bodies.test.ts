/** Bodies as no page sends them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

describe('a request', () => {
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
