/** The port itself: what it serves, whom it turns away, and that nothing but one connection ever suffers. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { X509Certificate } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { makeCertificate } from '../../test/certificate.ts'
import { PEER, openTestTunnel, type TestTunnel } from '../../test/tunnel.ts'
import { TurnClient, channelData, errorOf } from '../../test/turn-client.ts'
import { defaultLimits, type TunnelLimits } from './limits.ts'
import { openTunnel } from './listener.ts'
import { Method } from './stun.ts'

let t: TestTunnel
afterEach(() => t.close())

const open = async (limits: Partial<TunnelLimits> = {}): Promise<void> => {
  t = await openTestTunnel({
    limits,
    onRequest: (request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const { url } = request
        if (url === '/never') return
        response.end(JSON.stringify({ url, length: Buffer.concat(parts).length }))
      })
    },
  })
}

async function raw(options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: t.port, rejectUnauthorized: false, ...options })
  await once(socket, 'secureConnect')
  socket.on('error', () => undefined)
  return socket
}

const answer = async (socket: TLSSocket): Promise<string> => String((await once(socket, 'data'))[0])

async function get(path: string, agent?: false): Promise<string> {
  const request = httpsRequest({
    host: '127.0.0.1',
    port: t.port,
    path,
    rejectUnauthorized: false,
    ...(agent === undefined ? {} : { agent }),
  }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const [body] = await once(response, 'data')
  return String(body)
}

test('HTTP is served on the same port as the relay, at the same time', async () => {
  await open()
  const client = await t.permitted()
  expect(await get('/a')).toContain('"/a"')
  expect(errorOf(await client.ask(Method.refresh, []))).toBe(0)
})

test('a request that comes in pieces, with a body of a megabyte, arrives whole', async () => {
  await open()
  const socket = await raw()
  const head = 'POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n'
  socket.write('P')
  socket.write(head.slice(1, 20))
  socket.write(head.slice(20))
  socket.write(Buffer.alloc(1_000_000, 65))
  expect(await answer(socket)).toContain('"length":1000000')
  socket.write('GET /c HTTP/1.1\r\nHost: x\r\n\r\n')
  expect(await answer(socket)).toContain('"/c"')
  socket.destroy()
})

test('the HTTP server looks after slow requests although it does not listen itself', async () => {
  const http = createServer({ headersTimeout: 20, connectionsCheckingInterval: 5 })
  t = await openTestTunnel()
  const tunnel = await openTunnel({
    host: '127.0.0.1',
    port: 0,
    tls: await makeCertificate(),
    http,
    relay: {
      realm: 'x',
      passwordOf: () => null,
      peerAddress: PEER.address,
      workerPort: () => null,
      relayAddress: '198.51.100.2',
      nullFrames: false,
    },
  })
  const socket = await raw({ port: tunnel.port })
  socket.write('GET / HTTP/1.1\r\nX-')
  expect(await answer(socket)).toContain('408')
  await tunnel.close()
})

test('ALPN: http/1.1, stun.turn and none are welcome, HTTP/2 alone is told no', async () => {
  await open()
  for (const [offer, chosen] of [
    [['h2', 'http/1.1'], 'http/1.1'],
    [['stun.turn'], 'stun.turn'],
    [undefined, false],
  ] as const) {
    const socket = await raw(offer === undefined ? {} : { ALPNProtocols: [...offer] })
    expect(socket.alpnProtocol).toBe(chosen)
    socket.destroy()
  }
  const refused = connect({
    host: '127.0.0.1',
    port: t.port,
    rejectUnauthorized: false,
    ALPNProtocols: ['h2'],
  })
  const [error] = await once(refused, 'error')
  expect(error.code).toBe('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL')
  expect(await get('/still-here')).toContain('still-here')
})

test('TLS 1.1 and weak suites are refused, 1.2 and 1.3 with forward secrecy are not', async () => {
  await open()
  const attempt = async (options: ConnectionOptions): Promise<string> => {
    const socket = connect({
      host: '127.0.0.1',
      port: t.port,
      rejectUnauthorized: false,
      ...options,
    })
    const result = await Promise.race([
      once(socket, 'secureConnect').then(
        () => `${socket.getProtocol()} ${socket.getCipher().name}`,
      ),
      new Promise<string>((resolve) => socket.once('error', () => resolve('refused'))),
    ])
    socket.destroy()
    return result
  }
  const old = { minVersion: 'TLSv1', ciphers: 'ALL@SECLEVEL=0' } as const
  expect(await attempt({ ...old, maxVersion: 'TLSv1' })).toBe('refused')
  expect(await attempt({ ...old, maxVersion: 'TLSv1.1' })).toBe('refused')
  for (const ciphers of [
    'AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES128-SHA',
    'ECDHE-ECDSA-AES256-SHA384',
  ]) {
    expect(await attempt({ maxVersion: 'TLSv1.2', ciphers })).toBe('refused')
  }
  expect(await attempt({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384')
  expect(await attempt({})).toBe('TLSv1.3 TLS_AES_256_GCM_SHA384')
  // A phone without AES hardware says so by its order.
  const phone = 'TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256'
  expect(await attempt({ ciphers: phone })).toBe('TLSv1.3 TLS_CHACHA20_POLY1305_SHA256')
})

test('a returning client resumes its TLS session', async () => {
  await open()
  const first = await raw()
  first.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  const [session] = (await once(first, 'session')) as [Buffer]
  const second = await raw({ session })
  expect(second.isSessionReused()).toBe(true)
  first.destroy()
  second.destroy()
})

test('a new certificate serves new connections, and old ones stay', async () => {
  await open()
  const client = await t.permitted()
  const next = await makeCertificate('renewed')
  t.tunnel.replaceCertificate(next)
  const socket = await raw()
  expect(socket.getPeerX509Certificate()?.fingerprint256).toBe(
    new X509Certificate(next.cert).fingerprint256,
  )
  socket.destroy()
  expect(errorOf(await client.ask(Method.refresh, []))).toBe(0)
})

const hostile: [string, Buffer][] = [
  ['a byte that is neither STUN nor HTTP', Buffer.from([0x16, 3, 1, 0])],
  ['a wrong magic cookie', Buffer.alloc(20, 0)],
  ['a length that is no multiple of four', Buffer.from('000300012112a442', 'hex')],
  ['an announced length above what strangers may send', Buffer.from('000308002112a442', 'hex')],
  ['ChannelData longer than strangers may send', Buffer.from('00010000', 'hex')],
  [
    'a channel number beyond the last',
    Buffer.concat([hello(), channelData(0x5000, Buffer.alloc(4))]),
  ],
  [
    'a Send indication with a wrong cookie',
    Buffer.concat([hello(), Buffer.alloc(20).fill(22, 1, 2)]),
  ],
  [
    'a Send indication with an attribute too long',
    Buffer.from('001600042112a44200000000000000000000000000130fff', 'hex'),
  ],
]

function hello(): Buffer {
  return Buffer.from('000100002112a442000000000000000000000000', 'hex')
}

test.each(hostile)('%s ends that connection and no other', async (_, bytes) => {
  await open()
  const client = await t.permitted()
  const socket = await raw()
  const closed = once(socket, 'close')
  socket.write(bytes)
  if (bytes.equals(Buffer.from('00010000', 'hex')))
    socket.write(channelData(0x4000, Buffer.alloc(3000)))
  await closed
  client.indicate(PEER, Buffer.alloc(5, 200))
  expect((await t.worker.packets.next()).length).toBe(5)
})

test('a member with an allocation cannot announce a message that never ends, either', async () => {
  await open()
  const client = await t.permitted()
  client.socket.write(Buffer.from('4000ffff', 'hex'))
  await client.closed
  expect(t.notes).toContainEqual({ event: 'turn-connection-ended', reason: 'malformed' })
  expect(t.tunnel.counters().malformed).toBe(1)
})

test('an error nobody expected ends one connection only', async () => {
  t = await openTestTunnel({
    relay: {
      passwordOf: (username) => {
        if (username.endsWith('boom')) throw new Error('boom')
        return t.secret.passwordOf(username, Date.now())
      },
    },
  })
  const anna = await t.permitted('anna')
  const boom = await t.client()
  void boom.allocate(t.credentials('boom'))
  await boom.closed
  expect(t.notes).toContainEqual({ event: 'turn-connection-ended', reason: 'failed' })
  expect(errorOf(await anna.ask(Method.refresh, []))).toBe(0)
})

test('N3 the quota counts a member across connections and renewals, and is given back', async () => {
  await open({ quotas: { member: 2, account: 100, network: 100 } })
  const [first] = [await t.permitted('anna'), await t.permitted('anna')]
  const third = await t.client()
  const renewed = t.secret.mint(
    { sub: 'anna', mid: 'meeting', member: 'anna' },
    Date.now() + 60_000,
  )
  expect(errorOf(await third.allocate(renewed))).toBe(486)
  expect(errorOf(await (await t.client()).allocate(t.credentials('ben')))).toBe(0)
  const leg = await t.worker.connections.next()
  await Promise.all([once(leg, 'close'), first.close()])
  expect(t.tunnel.counters().allocations).toBe(2)
  expect(errorOf(await third.allocate(renewed))).toBe(0)
})

test('connections beyond the cap are closed before TLS, and there is room again later', async () => {
  await open({ strangers: { places: 10, perNetwork: 2, reserved: 0, modest: 0 } })
  const [first, second] = [await raw(), await raw()]
  const third = connectTcp(t.port, '127.0.0.1')
  await once(third, 'close')
  expect(t.tunnel.counters()).toMatchObject({ connections: 2, turnedAway: 1 })
  first.destroy()
  second.destroy()
  await vi.waitFor(() => expect(t.tunnel.counters().connections).toBe(0), { timeout: 20_000 })
  expect(await get('/again', false)).toContain('again')
})

test('who connects and says nothing is closed: before TLS, after it, and in TURN', async () => {
  await open({ handshakeMs: 300, firstByteMs: 300, allocateMs: 300, sweepMs: 5 })
  const silentTcp = once(connectTcp(t.port, '127.0.0.1'), 'close')
  const silentTls = raw().then((socket) => once(socket, 'close'))
  const stranger = await TurnClient.connect(t.port)
  await stranger.ask(Method.binding, [], false)
  await Promise.all([silentTcp, silentTls, stranger.closed])
  expect(t.notes).toContainEqual({ event: 'turn-connection-ended', reason: 'idle' })
  expect(t.notes).toContainEqual({ event: 'tls-failed', reason: 'ERR_TLS_HANDSHAKE_TIMEOUT' })
})

test('a client with an allocation is not idle', async () => {
  await open({ allocateMs: 300, sweepMs: 5 })
  const client = await t.permitted()
  const stranger = await TurnClient.connect(t.port)
  await stranger.ask(Method.binding, [], false)
  await stranger.closed
  expect(errorOf(await client.ask(Method.refresh, []))).toBe(0)
})

test('a client that asks and does not read is closed instead of filling the memory', async () => {
  await open({
    queue: { ...defaultLimits.queue, overflowBytes: 65_536 },
    turn: { ...defaultLimits.turn, stranger: { perSecond: 1e9, burst: 1e9 } },
  })
  const client = await t.client()
  client.socket.pause()
  const many = Buffer.concat(Array<Buffer>(512).fill(hello()))
  const flood = (): void => {
    while (!client.socket.destroyed && client.socket.write(many));
    client.socket.once('drain', flood)
  }
  flood()
  await client.closed
  expect(t.notes).toContainEqual({ event: 'turn-connection-ended', reason: 'not-reading' })
})

test('close ends idle and hanging connections alike, and can be called twice', async () => {
  await open({ closeMs: 20 })
  const client = await t.permitted()
  const socket = await raw()
  const hanging = await raw()
  hanging.write('GET /never HTTP/1.1\r\nHost: x\r\n\r\n')
  await get('/kept-alive')
  const ends = [client.closed, once(socket, 'close'), once(hanging, 'close')]
  await Promise.all([t.tunnel.close(), t.tunnel.close(), ...ends])
  expect(t.tunnel.counters()).toMatchObject({ connections: 0, allocations: 0 })
})

test('an address in use is an error of openTunnel', async () => {
  await open()
  const again = openTunnel({
    host: '127.0.0.1',
    port: t.port,
    tls: await makeCertificate(),
    http: createServer(),
    relay: {
      realm: 'x',
      passwordOf: () => null,
      peerAddress: PEER.address,
      workerPort: () => null,
      relayAddress: '198.51.100.2',
      nullFrames: false,
    },
  })
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
