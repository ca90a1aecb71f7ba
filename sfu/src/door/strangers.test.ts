/** Connections that have proved nothing: what they are answered, how many there are, and what they may say. */
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Network, ORIGIN } from '../../test/network.ts'

const PLACES = { places: 6, perNetwork: 4, reserved: 2, modest: 1 }
const PATH = '/tcs/?EIO=4&transport=websocket'
const HEADERS = {
  Host: new URL(ORIGIN).host,
  Origin: ORIGIN,
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
}

let network: Network

beforeAll(async () => {
  network = await Network.open({ limits: { unproven: PLACES } })
})
afterAll(() => network.close())

interface Upgraded {
  readonly status: number
  readonly response: IncomingMessage
  readonly socket: Duplex
}

async function upgrade(
  given: {
    path?: string
    headers?: Record<string, string> | string[]
    from?: string
    method?: string
  } = {},
): Promise<Upgraded> {
  const { path = PATH, headers = HEADERS, from = '127.0.0.1', method = 'GET' } = given
  const { hostname, port } = new URL(network.url)
  const request = httpRequest({ hostname, port, path, headers, localAddress: from, method })
  request.end()
  const answered = Promise.race([once(request, 'upgrade'), once(request, 'response')])
  const [response] = (await answered) as [IncomingMessage]
  response.socket.on('error', () => undefined)
  return { status: response.statusCode!, response, socket: response.socket }
}

describe('a refused upgrade', () => {
  test.each([
    ['another origin', 403, { headers: { ...HEADERS, Origin: 'https://evil.example' } }],
    ['another path', 404, { path: '/other' }],
    ['a path that only begins like ours', 404, { path: '/tcs-other/?EIO=4&transport=websocket' }],
    ['polling', 400, { path: '/tcs/?EIO=4&transport=polling' }],
    ['another revision', 400, { path: '/tcs/?EIO=3&transport=websocket' }],
    ['a session to take over', 400, { path: `${PATH}&sid=AAAA` }],
    ['another protocol', 400, { headers: { ...HEADERS, Upgrade: 'h2c' } }],
    ['another version', 400, { headers: { ...HEADERS, 'Sec-WebSocket-Version': '8' } }],
    ['no key', 400, { headers: { ...HEADERS, 'Sec-WebSocket-Key': 'short' } }],
    ['a subprotocol', 400, { headers: { ...HEADERS, 'Sec-WebSocket-Protocol': 'x' } }],
    ['another method', 400, { method: 'PUT' }],
    ['an address that is none', 404, { path: '//' }],
    ['our path without its slash', 404, { path: PATH.replace('/?', '?') }],
    ['our path in capitals', 404, { path: PATH.replace('tcs', 'TCS') }],
    ['our path behind the name of another server', 404, { path: `//evil.example${PATH}` }],
    ['our path behind a dot', 404, { path: `/.${PATH}` }],
    ['our path, encoded', 404, { path: PATH.replace('t', '%74') }],
    ['a whole address', 404, { path: `https://evil.example${PATH}` }],
    ['a whole address of ours', 404, { path: `${ORIGIN}${PATH}` }],
    ['another server', 421, { headers: { ...HEADERS, Host: 'evil.example' } }],
    ['another port', 421, { headers: { ...HEADERS, Host: `${HEADERS.Host}:8444` } }],
    ['two servers', 400, { headers: [...Object.entries(HEADERS).flat(), 'Host', 'evil.example'] }],
    ['a name that is none', 400, { headers: { ...HEADERS, Host: 'a b' } }],
  ])(
    'for %s is answered %i, with the security headers and no body',
    async (_name, status, given) => {
      const { response, ...answer } = await upgrade(given)
      expect(answer.status).toBe(status)
      expect(response.headers).toMatchObject({
        'content-length': '0',
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=63072000',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
      response.resume()
      if (!answer.socket.destroyed) await once(answer.socket, 'close')
    },
  )
})

describe('Q7 a crowd that says nothing', () => {
  test('keeps out its own network only, and a reserve stays for others', async () => {
    const crowd: Upgraded[] = []
    for (let at = 0; at < PLACES.perNetwork; at += 1) crowd.push(await upgrade())
    expect(crowd.map(({ status }) => status)).toEqual(Array(PLACES.perNetwork).fill(101))
    expect((await upgrade()).status).toBe(503)
    for (const from of ['127.0.0.2', '127.0.0.3']) {
      const other = await upgrade({ from })
      expect(other.status).toBe(101)
      crowd.push(other)
      expect((await upgrade({ from })).status).toBe(503)
    }
    for (const { socket } of crowd) socket.destroy()
  })

  test('is counted until it is proven, and not any longer', async () => {
    await expect
      .poll(async () => {
        const { status, socket } = await upgrade()
        socket.destroy()
        return status
      })
      .toBe(101)
    const inside = []
    for (let at = 0; at < PLACES.places * 2; at += 1) inside.push(await network.join())
    expect(network.tcs.counters().peers).toBe(PLACES.places * 2)
    for (const peer of inside) peer.close()
  })
})

test('W5 a stranger may say a proof and little more', async () => {
  const stranger = await network.call()
  for (let at = 0; at < 30; at += 1) stranger.socket.emit('nothing')
  expect(await stranger.next('goodbye')).toEqual({ code: 'too-many-messages' })
  await stranger.ended()
  const wordy = await network.call()
  wordy.socket.emit('authenticate', 'x'.repeat(20_000), () => undefined)
  expect(await wordy.next('goodbye')).toEqual({ code: 'too-many-messages' })
  await wordy.ended()
})
