/** Floods and slowness of connections that have proved nothing, counted at the far side of the tunnel. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { makeCertificate } from '../../test/certificate.ts'
import { PEER, openTestTunnel, type TestTunnel } from '../../test/tunnel.ts'
import { TurnClient, channelData, errorOf, sendIndication } from '../../test/turn-client.ts'
import { defaultLimits, type HttpLimits, type TunnelLimits } from './limits.ts'
import { openTunnel, type Tunnel } from './listener.ts'
import { Method, encodeStun } from './stun.ts'

let t: TestTunnel
afterEach(() => t.close())

const NEVER = { perSecond: 0, burst: 0 }
const http = (change: Partial<HttpLimits>): Partial<TunnelLimits> => ({
  sweepMs: 5,
  http: { ...defaultLimits.http, ...change },
})
const roomy = { ...defaultLimits.http.stranger, heldBytes: 1e9 }
const stranger = { ...defaultLimits.http.stranger, messages: { ...NEVER, burst: 20 } }

async function raw(port: number): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  return socket.on('error', () => undefined)
}

async function status(port: number, agent?: Agent): Promise<number | undefined> {
  const options = {
    host: '127.0.0.1',
    port,
    rejectUnauthorized: false,
    ...(agent ? { agent } : {}),
  }
  const [response] = (await once(httpsRequest(options).end(), 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return response.statusCode
}

const GET = Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
const many = (bytes: Buffer, times: number): Buffer =>
  Buffer.concat(Array<Buffer>(times).fill(bytes))

test('Q2 of thousands of pipelined requests the budget is served, then the connection is closed', async () => {
  let served = 0
  t = await openTestTunnel({
    limits: http({ stranger, patienceMs: 50 }),
    onRequest: (_, response) => {
      served += 1
      response.end()
    },
  })
  const socket = await raw(t.port)
  socket.resume().write(many(GET, 5_000))
  await once(socket, 'close')
  expect(served).toBe(20)
  expect(t.notes).toContainEqual({ event: 'let-go', reason: 'flooding' })
  expect(await status(t.port)).toBe(200)
})

test('Q2 a pipelined request waits until the one before is answered', async () => {
  const waiting: (() => void)[] = []
  let most = 0
  t = await openTestTunnel({
    onRequest: (_, response) => {
      waiting.push(() => response.end())
      most = Math.max(most, waiting.length)
      setImmediate(() => waiting.shift()?.())
    },
  })
  const socket = await raw(t.port)
  socket.write(many(GET, 50))
  let answers = 0
  for await (const chunk of socket) {
    answers += String(chunk).split('HTTP/1.1 200').length - 1
    if (answers === 50) break
  }
  expect(most).toBe(1)
})

test('an honest page load, 60 files over six kept connections, is served whole', async () => {
  t = await openTestTunnel()
  const agent = new Agent({ keepAlive: true, maxSockets: 6 })
  const all = await Promise.all(Array.from({ length: 60 }, () => status(t.port, agent)))
  agent.destroy()
  expect(all).toEqual(Array(60).fill(200))
  expect(t.tunnel.counters().letGo).toBe(0)
})

/** A server that takes any upgrade, and counts what comes afterwards. */
async function upgrading(
  limits: Partial<TunnelLimits>,
): Promise<{ tunnel: Tunnel; bytes: () => number; connection: Promise<Duplex> }> {
  t = await openTestTunnel()
  let bytes = 0
  const server = createServer()
  const connection = new Promise<Duplex>((resolve) => {
    server.on('upgrade', (_, socket: Duplex) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n')
      socket.on('data', (chunk: Buffer) => (bytes += chunk.length))
      resolve(socket)
    })
  })
  const tunnel = await openTunnel({
    ...{ host: '127.0.0.1', port: 0, tls: await makeCertificate(), http: server, limits },
    relay: {
      ...{ realm: 'x', relayAddress: '198.51.100.2', peerAddress: PEER.address },
      ...{ passwordOf: () => null, workerPort: () => null, nullFrames: false },
    },
  })
  return { tunnel, bytes: () => bytes, connection }
}

const PING = Buffer.from('8980aabbccdd', 'hex')
const UPGRADE = Buffer.from(
  'GET /tcs HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
)

test.each([
  ['PING', 0x89],
  ['PONG', 0x8a],
])(
  'Q1 of a flood of %s frames the budget passes, then the connection is closed',
  async (_, first) => {
    const { tunnel, bytes } = await upgrading(http({ stranger, patienceMs: 50 }))
    const socket = await raw(tunnel.port)
    const frame = Buffer.concat([Buffer.from([first]), PING.subarray(1)])
    socket.resume().write(Buffer.concat([UPGRADE, many(frame, 20_000)]))
    await once(socket, 'close')
    // The upgrade itself is one of the twenty; the last piece may go beyond what was left.
    expect(bytes() / frame.length).toBeLessThan(20 + defaultLimits.http.framesAtOnce)
    await tunnel.close()
  },
)

test('Q1 whoever has proved who it is sends the signalling of a full meeting without waiting', async () => {
  const { tunnel, bytes, connection } = await upgrading(http({ stranger }))
  const socket = await raw(tunnel.port)
  socket.resume().write(UPGRADE)
  tunnel.trust(await connection)
  // 300 members: a HELLO, an envelope for each, and an acknowledgement of each.
  const signalling = many(PING, 900)
  socket.write(signalling)
  await expect.poll(bytes).toBe(signalling.length)
  socket.destroy()
  await tunnel.close()
})

const binding = (kind: 'request' | 'indication'): Buffer =>
  encodeStun({ method: Method.binding, class: kind, transaction: Buffer.alloc(12), attributes: [] })

test.each([
  ['Q3 STUN Bindings', binding('request')],
  ['Q3 STUN indications', binding('indication')],
  ['Q3 Send indications', sendIndication(PEER, Buffer.alloc(20, 200))],
  ['Q4 ChannelData before an allocation', channelData(0x4000, Buffer.alloc(20, 200))],
])('%s: a flood ends that connection at once', async (_, message) => {
  t = await openTestTunnel()
  const anna = await t.permitted()
  const flood = await TurnClient.connect(t.port)
  let replies = 0
  flood.onPacket = () => undefined
  flood.socket.on('data', (chunk: Buffer) => (replies += chunk.length / 32))
  flood.socket.write(Buffer.concat([binding('request'), many(message, 5_000)]))
  await flood.closed
  expect(replies).toBeLessThan(defaultLimits.turn.stranger.burst)
  expect(t.notes).toContainEqual({ event: 'turn-connection-ended', reason: 'flooding' })
  expect(errorOf(await anna.ask(Method.refresh, []))).toBe(0)
})

test('Q3 a member that floods with requests is closed, one that sends 6 Mbit/s of media is not', async () => {
  t = await openTestTunnel()
  const [busy, flood] = [await t.permitted('anna'), await t.permitted('ben')]
  // Two seconds of it: 1,250 packets of 1,200 bytes.
  const payload = Buffer.alloc(1_200, 200)
  for (let i = 0; i < 1_250; i += 1) busy.indicate(PEER, payload)
  flood.socket.write(many(binding('request'), 1_000))
  await flood.closed
  for (let i = 0; i < 1_250; i += 1) expect((await t.worker.packets.next()).length).toBe(1_200)
})

test('Q5 whoever does not read an answer is let go, and its memory with it', async () => {
  t = await openTestTunnel({
    limits: http({ stallMs: 50 }),
    onRequest: (_, response) => response.end(Buffer.alloc(20_000_000)),
  })
  const socket = await raw(t.port)
  socket.pause().write(GET)
  await expect.poll(() => t.tunnel.counters().letGo).toBe(1)
  await expect.poll(() => t.tunnel.counters().connections).toBe(0)
  socket.destroy()
})

test('Q5 the clients of one network that do not read share a ceiling: those with most go', async () => {
  t = await openTestTunnel({
    limits: { ...http({ stranger: roomy }), networkBytes: 10_000_000 },
    onRequest: (request, response) => response.end(Buffer.alloc(Number(request.url?.slice(1)))),
  })
  const sockets = await Promise.all([raw(t.port), raw(t.port)])
  for (const [i, bytes] of [3_000_000, 30_000_000].entries()) {
    sockets[i]?.pause().write(`GET /${bytes} HTTP/1.1\r\nHost: x\r\n\r\n`)
  }
  await expect.poll(() => t.tunnel.counters().letGo).toBe(1)
  await expect.poll(() => t.tunnel.counters().connections).toBe(1)
  expect(t.tunnel.counters().letGo).toBe(1)
  for (const socket of sockets) socket.destroy()
})

test('Q5 a relay client that does not read is closed when nothing went out for too long', async () => {
  t = await openTestTunnel({
    limits: { sweepMs: 5, queue: { ...defaultLimits.queue, deadMs: 50 } },
  })
  const client = await t.permitted()
  client.indicate(PEER, Buffer.alloc(5, 200))
  await t.worker.packets.next()
  client.socket.pause()
  const leg = await t.worker.connections.next()
  const packet = Buffer.concat([Buffer.from([0xff, 0]), Buffer.alloc(0xff00, 20)])
  const flood = (): void => {
    while (!leg.destroyed && leg.write(packet));
    leg.once('drain', flood)
  }
  leg.on('error', () => undefined)
  flood()
  await expect
    .poll(() => t.notes)
    .toContainEqual({ event: 'turn-connection-ended', reason: 'not-reading' })
})

test('Q6 a body that comes byte by byte is refused when its time is up', async () => {
  t = await openTestTunnel()
  const server = createServer({
    requestTimeout: 50,
    headersTimeout: 50,
    connectionsCheckingInterval: 5,
  })
  server.on('request', (request: IncomingMessage) => request.resume())
  const tunnel = await openTunnel({
    ...{ host: '127.0.0.1', port: 0, tls: await makeCertificate(), http: server },
    relay: {
      ...{ realm: 'x', relayAddress: '198.51.100.2', peerAddress: PEER.address },
      ...{ passwordOf: () => null, workerPort: () => null, nullFrames: false },
    },
  })
  const socket = await raw(tunnel.port)
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na')
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(String(answer)).toContain('408')
  await tunnel.close()
})
