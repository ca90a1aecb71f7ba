/** Every answer that is no success becomes one ApiFailure with a code to word. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { api, ApiFailure } from './api.ts'
import { actAs } from './in-whose-name.ts'

/** Has `fetch` answer as our server does. */
function answer(status: number, body: unknown, type = 'application/json'): void {
  respond(status, body, { 'content-type': type, 'huisclos-api': '1' })
}

/** Has `fetch` answer as something in between does. */
function answerForeign(status: number, body: unknown, type: string): void {
  respond(status, body, { 'content-type': type })
}

function respond(status: number, body: unknown, headers: Record<string, string>): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.resolve(new Response(text, { status, headers }))),
  )
}

const GRANT = {
  ...{ token: 'aGVhZA.Ym9keQ.c2ln', mid: 'm', msid: 's', title: 'Board' },
  ...{ tcsOrigin: 'https://tcs.example', expiresInS: 900, endsAt: '2030-01-01T00:00:00.000Z' },
}

async function failureOf(call: Promise<unknown>): Promise<ApiFailure> {
  const failure: unknown = await call.then(
    () => null,
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(ApiFailure)
  return failure as ApiFailure
}

afterEach(() => vi.unstubAllGlobals())

describe('requests', () => {
  test('go to the path of the route, with the id escaped and the body as JSON', async () => {
    answer(200, { meeting: { id: 'm' } })
    await api('POST /api/meetings/:id/invite', { invited: ['a@x.org'] }, { path: { id: 'a/../b' } })
    expect(fetch).toHaveBeenCalledWith(
      '/api/meetings/a%2F..%2Fb/invite',
      expect.objectContaining({ method: 'POST', body: '{"invited":["a@x.org"]}' }),
    )
  })

  test('carry the proof of possession in the DPoP header only', async () => {
    answer(200, GRANT)
    await api('POST /api/meetings/:id/join', {}, { path: { id: 'm' }, headers: { dpop: 'proof' } })
    expect(fetch).toHaveBeenCalledWith(
      '/api/meetings/m/join',
      expect.objectContaining({ headers: expect.objectContaining({ dpop: 'proof' }), body: '{}' }),
    )
  })

  test('say whose page asks, while somebody is signed in', async () => {
    answer(200, GRANT)
    const headers = () => vi.mocked(fetch).mock.lastCall?.[1]?.headers
    actAs('A'.repeat(22))
    await api('POST /api/meetings/:id/join', {}, { path: { id: 'm' } })
    expect(headers()).toMatchObject({ 'huisclos-account': 'A'.repeat(22) })
    actAs(null)
    await api('POST /api/meetings/:id/join', {}, { path: { id: 'm' } })
    expect(headers()).not.toHaveProperty('huisclos-account')
  })

  test('the key set arrives as the text it is signed as', async () => {
    answer(200, 'a.b.c', 'text/plain; charset=utf-8')
    expect(await api('GET /api/keys')).toBe('a.b.c')
  })
})

describe('refusals', () => {
  test('keep code, field and waiting time', async () => {
    answer(429, { code: 'too-many-tries', message: 'm', field: 'email', retryAfterS: 30 })
    const failure = await failureOf(api('GET /api/me'))
    expect(failure).toMatchObject({ code: 'too-many-tries', field: 'email', retryAfterS: 30 })
  })

  test('no answer at all is offline', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    expect((await failureOf(api('GET /api/me'))).code).toBe('offline')
  })

  test('an answer that breaks off is offline', async () => {
    answer(200, '{"account":')
    expect((await failureOf(api('GET /api/me'))).code).toBe('offline')
  })

  test("a proxy's own error page is unavailable", async () => {
    answerForeign(502, '<html>Bad gateway</html>', 'text/html')
    expect((await failureOf(api('GET /api/me'))).code).toBe('unavailable')
  })

  test.each([
    ['its sign-in page', 200, '<html>Welcome to the hotel</html>', 'text/html'],
    ['a text', 200, 'Please sign in.', 'text/plain'],
    ['JSON of its own', 200, { login: 'https://portal.example' }, 'application/json'],
    ['a list', 200, [], 'application/json'],
    ['a refusal of its own', 403, '<html>Blocked</html>', 'text/html'],
    ['a refusal in JSON', 404, { unexpected: true }, 'application/json'],
    ['a refusal with a code', 403, { code: 'not-found', message: 'm' }, 'application/json'],
    ['its request to sign in', 511, '<html>Sign in</html>', 'text/html'],
  ] as const)(
    'I11 a captive portal or proxy that answers with %s is trouble of the network',
    async (_, status, body, type) => {
      for (const call of [
        () => api('GET /api/me'),
        () => api('GET /api/keys'),
        () => api('POST /api/meetings/:id/join', {}, { path: { id: 'm' } }),
      ]) {
        answerForeign(status, body, type)
        expect((await failureOf(call())).code).toBe('intercepted')
      }
    },
  )

  test('I11 nobody is sent elsewhere with what was asked here', async () => {
    answer(200, GRANT)
    await api('POST /api/meetings/:id/join', {}, { path: { id: 'm' } })
    expect(fetch).toHaveBeenCalledWith(
      '/api/meetings/m/join',
      expect.objectContaining({ redirect: 'manual' }),
    )
    vi.stubGlobal('fetch', () => Promise.resolve(redirected()))
    expect((await failureOf(api('GET /api/keys'))).code).toBe('intercepted')
  })
})

/** As a browser shows a redirection that is not followed. */
function redirected(): Response {
  return Object.defineProperties(new Response(null), {
    ...{ ok: { value: false }, status: { value: 0 }, type: { value: 'opaqueredirect' } },
  })
}
