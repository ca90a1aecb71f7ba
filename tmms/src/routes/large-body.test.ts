import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ORIGIN, type Browser } from '../../test/browser.ts'
import { openWorld, type World } from '../../test/world.ts'

let world: World
let admin: Browser
beforeAll(async () => {
  world = await openWorld()
  admin = await world.administrator()
})
afterAll(() => world.close())

const LOGO = ['PUT /api/admin/branding/logo', 'image/png', 256 * 1024] as const
const JSON_ROUTE = ['POST /api/admin/accounts', 'application/json', 64 * 1024] as const

/** The head of a request, and a socket on which its body never ends. */
async function begin([route, type]: readonly [string, string, number], length: string) {
  const { host } = new URL(ORIGIN)
  const cookie = [...admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const socket = connect(Number(new URL(world.base).port), '127.0.0.1')
  await once(socket, 'connect')
  const head = [`Host: ${host}`, `Origin: ${ORIGIN}`, `Cookie: ${cookie}`, `Content-Type: ${type}`]
  socket.write(`${route} HTTP/1.1\r\n${[...head, length].join('\r\n')}\r\n\r\n`)
  return socket
}

/** All that comes until the other side closes. */
async function answer(socket: Socket): Promise<string> {
  const pieces: Buffer[] = []
  socket.on('data', (piece: Buffer) => void pieces.push(piece)).on('error', () => undefined)
  await once(socket, 'close')
  return Buffer.concat(pieces).toString()
}

const REFUSED = /^HTTP\/1\.1 413 [^]*\r\nConnection: close\r\n[^]*"code":"too-large"/

it.concurrent.each([LOGO, JSON_ROUTE])(
  '%s refuses a length that is too large before the body has come',
  async (...to) => {
    const socket = await begin(to, 'Content-Length: 20000000')
    socket.write('x')
    expect(await answer(socket)).toMatch(REFUSED)
  },
)

it.concurrent.each([LOGO, JSON_ROUTE])(
  '%s refuses a body without a length as soon as it is too large',
  async (...to) => {
    const socket = await begin(to, 'Transfer-Encoding: chunked')
    const bytes = to[2] + 1
    socket.write(`${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`)
    expect(await answer(socket)).toMatch(REFUSED)
  },
)

it('takes what is just as large as it may be', async () => {
  const body = JSON.stringify({ email: 'x' }).padEnd(64 * 1024)
  const { body: told } = await admin.call('POST /api/admin/accounts', undefined, { raw: body })
  expect(told.code).toBe('bad-request')
})
