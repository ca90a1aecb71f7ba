/** Requests as no browser sends them: for other servers, in other codings, by other spellings of a path. */
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ORIGIN } from '../../test/browser.ts'
import { openWorld, type World } from '../../test/world.ts'

const { host: HOST } = new URL(ORIGIN)
const SECRET_LINK = `#v1.${'P'.repeat(43)}.${'S'.repeat(43)}`

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

interface Request {
  readonly path?: string
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Buffer
}

async function send({ path = '/', method = 'GET', headers = {}, body }: Request) {
  const { hostname, port } = new URL(world.base)
  const request = httpRequest({
    ...{ hostname, port, path, method, setHost: false },
    headers: flat({ Host: HOST, ...headers }),
  })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

/** Names and values in turn: only so a header can be sent twice. */
function flat(headers: OutgoingHttpHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().flatMap((one) => [name, String(one)]),
  )
}

describe('W12 the server that a request names', () => {
  it.each([
    ['none', {}, 400],
    ['two', { Host: [HOST, HOST] }, 400],
    ['an empty one', { Host: '' }, 400],
    ['a name with a path', { Host: `${HOST}/x` }, 400],
    ['a name and a user', { Host: `x@${HOST}` }, 400],
    ['another name', { Host: 'evil.example' }, 421],
    ['another port', { Host: 'meet.example.org:1' }, 421],
    ['the address', { Host: '127.0.0.1' }, 421],
    ['its name in capitals', { Host: HOST.toUpperCase() }, 200],
  ])('is refused or taken when it is %s', async (_what, headers: OutgoingHttpHeaders, status) => {
    for (const path of ['/', '/api/status']) {
      const answer = await send({ path, headers: { Host: undefined, ...headers } })
      expect([path, answer.status]).toEqual([path, status])
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
      if (status === 421) expect(answer.body).toContain(`${ORIGIN}/`)
    }
  })

  it('may be named in the target, and then that counts', async () => {
    expect((await send({ path: `${ORIGIN}/api/status` })).status).toBe(200)
    expect((await send({ path: 'https://evil.example/api/status' })).status).toBe(421)
  })
})

describe('a body', () => {
  const login = (body: string | Buffer, headers: OutgoingHttpHeaders = {}) =>
    send({
      ...{ path: '/api/auth/params', method: 'POST', body },
      headers: { Origin: ORIGIN, 'Content-Type': 'application/json', ...headers },
    })
  const json = JSON.stringify({ email: 'ada@example.org' })

  it.each([
    ['utf-8', 'utf8', 200],
    ['UTF-8', 'utf8', 200],
    ['utf-16', 'utf16le', 400],
    ['utf-16le', 'utf16le', 400],
    ['utf-32', 'utf8', 400],
    ['utf-7', 'utf8', 400],
    ['latin1', 'latin1', 400],
  ] as const)('in %s is taken only when that is UTF-8', async (charset, encoding, status) => {
    const type = { 'Content-Type': `application/json; charset=${charset}` }
    expect((await login(Buffer.from(json, encoding), type)).status).toBe(status)
  })

  it('that is no UTF-8 whatever it says is refused', async () => {
    const bytes = Buffer.concat([Buffer.from('{"email":"'), Buffer.from([0xff]), Buffer.from('"}')])
    expect(await login(bytes)).toMatchObject({ status: 400 })
  })

  it.each([
    ['as it is', SECRET_LINK],
    ['with its number sign escaped', SECRET_LINK.replace('#', '\\u0023')],
    ['with every character escaped', SECRET_LINK.replace(/./g, escaped)],
    ['with its number sign encoded', SECRET_LINK.replace('#', '%23')],
    ['with it encoded twice', SECRET_LINK.replace('#', '%2523')],
    ['with its dots encoded', SECRET_LINK.replaceAll('.', '%2E')],
    ['encoded and escaped', SECRET_LINK.replace('#', '\\u002523')],
  ])('M5 with the secret of a link %s is refused for it', async (_how, link) => {
    const answer = await login(`{"email":"ada@example.org","email":"${link}"}`)
    expect(answer).toMatchObject({ status: 400 })
    expect(answer.body).toContain('meeting link with its secret')
  })

  it.each(['gzip, chunked', 'identity, chunked'])(
    'in the transfer coding %s is not read as if it were in none',
    async (coding) => {
      const answer = await login(json, { 'Transfer-Encoding': coding })
      expect(answer.status).toBe(501)
      expect(answer.headers.connection).toBe('close')
    },
  )

  it('in chunks is read', async () => {
    expect((await login(json, { 'Transfer-Encoding': 'chunked' })).status).toBe(200)
  })
})

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}

describe('a path', () => {
  it.each([
    '/API/status',
    '/Api/status',
    '/api/STATUS',
    '/api/status/',
    '//api/status',
    '/api//status',
    '/./api/status',
    '/Signin',
    '/setup/',
    '/assets/worker-abc123.js/',
    '/ASSETS/worker-abc123.js',
    '/favicon.svg/',
  ])('that is spelt %s is not found', async (path) => {
    expect((await send({ path })).status).toBe(404)
  })

  it('of a meeting link may end with the slash that a mail program added', async () => {
    expect((await send({ path: '/j/abc/' })).status).toBe(200)
  })

  it('that cannot be decoded is told in words', async () => {
    const answer = await send({ path: '/j/%zz' })
    expect(answer.status).toBe(400)
    expect(answer.headers['content-type']).toContain('text/plain')
  })
})

describe('a condition on a file', () => {
  it.each(['/', '/favicon.svg'])('%s: If-Match that does not hold is 412', async (path) => {
    const answer = await send({ path, headers: { 'If-Match': '"another"' } })
    expect(answer.status).toBe(412)
    expect(answer.headers['content-type']).toContain('text/plain')
  })

  it.each(['/', '/favicon.svg'])('%s: a range that is not there is 416', async (path) => {
    const answer = await send({ path, headers: { Range: 'bytes=9999-' } })
    expect(answer.status).toBe(416)
    expect(answer.headers['content-range']).toMatch(/^bytes \*\/\d+$/)
    expect(answer.headers['content-type']).toContain('text/plain')
  })

  it.each(['bytes=9999-', 'bytes=-2', 'bytes=5-2', 'x'])(
    'a built file comes whole, whatever range is asked for (%s)',
    async (range) => {
      const path = '/assets/worker-abc123.js'
      const answer = await send({ path, headers: { Range: range } })
      expect([answer.status, answer.body]).toEqual([200, 'export {}'])
    },
  )
})
