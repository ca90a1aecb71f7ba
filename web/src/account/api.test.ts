/** Every answer that is no success becomes one ApiFailure with a code to word. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { api, ApiFailure } from './api.ts'

function answer(status: number, body: unknown, type = 'application/json'): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.resolve(new Response(text, { status, headers: { 'content-type': type } }))),
  )
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
    answer(200, {})
    await api('POST /api/meetings/:id/join', {}, { path: { id: 'm' }, headers: { dpop: 'proof' } })
    expect(fetch).toHaveBeenCalledWith(
      '/api/meetings/m/join',
      expect.objectContaining({ headers: expect.objectContaining({ dpop: 'proof' }), body: '{}' }),
    )
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
    answer(502, '<html>Bad gateway</html>', 'text/html')
    expect((await failureOf(api('GET /api/me'))).code).toBe('unavailable')
  })

  test('something that is not ours is internal', async () => {
    answer(404, { unexpected: true })
    expect((await failureOf(api('GET /api/me'))).code).toBe('internal')
  })
})
