/** What the HTTP server answers before any route sees the request. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHttpServer } from './http-server.ts'

let server: Server
beforeAll(async () => {
  server = openHttpServer((_request, response) => response.end('page'), {
    ...{ headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 10 },
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function say(request: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(request)
  return text(socket)
}

const HEAD = 'GET / HTTP/1.1\r\nHost: x\r\n'

describe('an answer that no route gives', () => {
  it.each([
    ['to what is no HTTP', 400, 'hello\r\n\r\n'],
    ['to two lengths', 400, `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`],
    [
      'to a length and a coding',
      400,
      `${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
    ],
    ['to a head that is too long', 431, `${HEAD}X: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['to a head that does not end', 408, HEAD],
    ['to an expectation', 417, `${HEAD}Expect: foo\r\n\r\n`],
  ])('%s is %i, with the security headers', async (_what, status, request) => {
    const [head = '', body] = (await say(request)).split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(body).toBe('')
    for (const header of [
      'Connection: close',
      'Cache-Control: no-store',
      "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
      'Cross-Origin-Resource-Policy: same-origin',
      'Strict-Transport-Security: max-age=63072000',
      'X-Content-Type-Options: nosniff',
      'X-Frame-Options: DENY',
    ]) {
      expect(head).toContain(header)
    }
  })

  it('leaves the one expectation that there is, and a request without a Host, to the pages', async () => {
    const close = 'Connection: close\r\n\r\n'
    expect(await say(`${HEAD}Expect: 100-continue\r\n${close}`)).toMatch(/100 Continue[^]*200 OK/)
    expect(await say(`GET / HTTP/1.1\r\n${close}`)).toContain('200 OK')
  })
})
