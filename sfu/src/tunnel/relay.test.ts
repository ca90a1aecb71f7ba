/** The relay from outside: real TLS, real sockets, and a fake worker behind. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decodeXorAddress } from './address.ts'
import { Attribute, Method, attributeOf, uint32 } from './stun.ts'
import { OTHER_PEER, PEER, openTestTunnel, type TestTunnel } from '../../test/tunnel.ts'
import {
  channelData,
  errorOf,
  isSignedBy,
  peerAttribute,
  sendIndication,
  UDP,
} from '../../test/turn-client.ts'

const CHANNEL = 0x4001
const packet = (length: number, first = 0x80): Buffer =>
  Buffer.alloc(length, 7).fill(first, 0, Math.min(length, 1))

let t: TestTunnel
beforeEach(async () => void (t = await openTestTunnel()))
afterEach(() => t.close())

test('an allocation is announced with a made-up address and the true lifetime', async () => {
  const client = await t.client()
  const reply = await client.allocate(t.credentials())
  expect(errorOf(reply)).toBe(0)
  expect(isSignedBy(client, reply)).toBe(true)
  const relayed = decodeXorAddress(
    attributeOf(reply, Attribute.xorRelayedAddress)!,
    reply.transaction,
  )
  expect(relayed?.address).toBe('198.51.100.2')
  const mapped = decodeXorAddress(
    attributeOf(reply, Attribute.xorMappedAddress)!,
    reply.transaction,
  )
  expect(mapped).toEqual({ address: '127.0.0.1', port: client.socket.localPort })
  expect(attributeOf(reply, Attribute.lifetime)).toEqual(uint32(600))
})

test('the leg to the worker is opened by the first permission, not by the allocation', async () => {
  const client = await t.client()
  await client.allocate(t.credentials())
  expect(t.worker.open).toBe(0)
  await client.permit(PEER)
  await t.worker.connections.next()
  expect(t.otherWorker.open).toBe(0)
})

test('packets travel both ways as indications, as Firefox sends them', async () => {
  const client = await t.permitted()
  for (const length of [1, 2, 3, 4, 1200]) {
    client.indicate(PEER, packet(length))
    expect(await t.worker.packets.next()).toEqual(packet(length))
    t.worker.send(packet(length))
    expect(await client.packets.next()).toEqual({
      channel: null,
      peer: PEER,
      payload: packet(length),
    })
  }
})

test('packets travel both ways by channel, with every padding', async () => {
  const client = await t.permitted()
  expect(errorOf(await client.bind(CHANNEL, PEER))).toBe(0)
  for (const length of [1, 2, 3, 4, 5, 1200]) {
    client.send(CHANNEL, packet(length))
    expect(await t.worker.packets.next()).toEqual(packet(length))
    t.worker.send(packet(length))
    expect(await client.packets.next()).toEqual({
      channel: CHANNEL,
      peer: null,
      payload: packet(length),
    })
  }
})

test('many messages in one write stay whole and in order', async () => {
  const client = await t.permitted()
  await client.bind(CHANNEL, PEER)
  const payloads = Array.from({ length: 60 }, (_, i) => packet(1 + i * 7, 128 + i))
  client.socket.write(
    Buffer.concat(
      payloads.map((payload, i) =>
        i % 3 === 0 ? sendIndication(PEER, payload) : channelData(CHANNEL, payload),
      ),
    ),
  )
  for (const payload of payloads) expect(await t.worker.packets.next()).toEqual(payload)
  t.worker.send(...payloads)
  for (const payload of payloads) expect((await client.packets.next()).payload).toEqual(payload)
})

test('messages cut into records of three bytes arrive whole', async () => {
  const client = await t.permitted()
  await client.bind(CHANNEL, PEER)
  const bytes = Buffer.concat([
    channelData(CHANNEL, packet(5)),
    sendIndication(PEER, packet(50)),
    client.request(Method.refresh, []),
    channelData(CHANNEL, packet(130)),
  ])
  for (let at = 0; at < bytes.length; at += 3) client.socket.write(bytes.subarray(at, at + 3))
  for (const length of [5, 50, 130]) expect(await t.worker.packets.next()).toEqual(packet(length))
  expect(errorOf(await client.replies.next())).toBe(0)
})

test('frames of the worker cut at any place arrive whole', async () => {
  const client = await t.permitted()
  const socket = await t.worker.connections.next()
  const bytes = Buffer.concat(
    [packet(3), packet(300), packet(40)].flatMap((p) => [
      Buffer.from([p.length >> 8, p.length & 0xff]),
      p,
    ]),
  )
  for (const part of [bytes.subarray(0, 1), bytes.subarray(1, 6), bytes.subarray(6, 200)]) {
    socket.write(part)
    // The next part must be a read of its own: an answer shows that this one was read.
    client.indicate(PEER, packet(1))
    await t.worker.packets.next()
  }
  socket.write(bytes.subarray(200))
  for (const length of [3, 300, 40])
    expect((await client.packets.next()).payload.length).toBe(length)
})

test('one allocation reaches two workers, each by its announced port', async () => {
  const client = await t.permitted()
  await client.permit(OTHER_PEER)
  client.socket.write(
    Buffer.concat([
      sendIndication(PEER, packet(10, 0x81)),
      sendIndication(OTHER_PEER, packet(20, 0x82)),
      sendIndication(PEER, packet(30, 0x83)),
    ]),
  )
  expect(await t.worker.packets.next()).toEqual(packet(10, 0x81))
  expect(await t.worker.packets.next()).toEqual(packet(30, 0x83))
  expect(await t.otherWorker.packets.next()).toEqual(packet(20, 0x82))
})

const forbidden = [
  '0.0.0.0',
  '127.0.0.1',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '198.51.100.2',
  '::1',
  'fe80::1',
  'fc00::1',
  '::ffff:198.51.100.1',
]

test.each(forbidden)('N3 the relay does not talk to %s', async (address) => {
  const client = await t.permitted()
  const peer = { address, port: PEER.port }
  const wanted = address.includes(':') ? 443 : 403
  expect(errorOf(await client.permit(peer))).toBe(wanted)
  expect(errorOf(await client.bind(CHANNEL, peer))).toBe(wanted)
  // All or nothing: the good one does not help the bad one.
  expect(errorOf(await client.permit(PEER, peer))).toBe(wanted)
  client.indicate(peer, packet(9))
  client.indicate(PEER, packet(10))
  expect(await t.worker.packets.next()).toEqual(packet(10))
  expect(t.worker.open + t.otherWorker.open).toBe(1)
})

test('N3 the worker is reached by its announced port only', async () => {
  const client = await t.permitted()
  for (const port of [0, 22, t.worker.port, 40_002]) {
    const peer = { address: PEER.address, port }
    // A permission is for the address, and opens no way to a port that is no worker's.
    expect(errorOf(await client.permit(peer))).toBe(0)
    expect(errorOf(await client.bind(CHANNEL, peer))).toBe(403)
    client.indicate(peer, packet(9))
  }
  client.indicate(PEER, packet(10))
  expect(await t.worker.packets.next()).toEqual(packet(10))
})

test('without a permission a Send indication goes nowhere', async () => {
  const client = await t.client()
  await client.allocate(t.credentials())
  client.indicate(PEER, packet(9))
  client.send(CHANNEL, packet(9))
  await client.permit(PEER)
  client.indicate(PEER, packet(10))
  expect(await t.worker.packets.next()).toEqual(packet(10))
})

test('packets in the same write as a Refresh of zero: those before go up, those after are lost', async () => {
  const client = await t.permitted()
  await client.bind(CHANNEL, PEER)
  client.socket.write(
    Buffer.concat([
      channelData(CHANNEL, packet(11)),
      client.request(Method.refresh, [[Attribute.lifetime, uint32(0)]]),
      channelData(CHANNEL, packet(12)),
      sendIndication(PEER, packet(13)),
      client.request(Method.refresh, []),
      client.request(Method.allocate, [[Attribute.requestedTransport, UDP]]),
      client.request(Method.createPermission, [peerAttribute(PEER)]),
      sendIndication(PEER, packet(14)),
    ]),
  )
  const codes = []
  for (let i = 0; i < 4; i += 1) codes.push(errorOf(await client.replies.next()))
  expect(codes).toEqual([0, 437, 0, 0])
  const lengths = [await t.worker.packets.next(), await t.worker.packets.next()].map(
    (p) => p.length,
  )
  expect(lengths.toSorted()).toEqual([11, 14])
  expect(t.tunnel.counters().allocations).toBe(1)
})

test('a worker that closes a leg gets a new one with the next packet, after a pause', async () => {
  const client = await t.permitted()
  const leg = await t.worker.connections.next()
  const ended = new Promise((resolve) => leg.once('close', resolve))
  leg.end()
  await ended
  expect(t.worker.open).toBe(0)
  client.indicate(PEER, packet(10))
  expect(errorOf(await client.ask(Method.refresh, []))).toBe(0)
  expect(t.tunnel.counters().droppedUp).toBe(1)
})

test('the end of a client ends its legs and its allocation', async () => {
  const client = await t.permitted()
  const leg = await t.worker.connections.next()
  const ended = new Promise((resolve) => leg.once('close', resolve))
  await client.close()
  await ended
  expect(t.tunnel.counters().allocations).toBe(0)
})

test('N3 a removed member is dropped with all its allocations, others stay', async () => {
  const [anna, second, ben] = [
    await t.permitted('anna'),
    await t.permitted('anna'),
    await t.permitted('ben'),
  ]
  const unused = t.credentials('anna')
  t.secret.revoke({ sub: 'anna', atMs: Date.now() })
  expect(t.tunnel.drop((username) => t.secret.isRevoked(username))).toBe(2)
  await Promise.all([anna.closed, second.closed])
  expect(errorOf(await ben.ask(Method.refresh, []))).toBe(0)
  const again = await t.client()
  expect(errorOf(await again.allocate(unused))).toBe(401)
})

test('null frames answer each read when the worker needs them', async () => {
  const own = await openTestTunnel({ relay: { nullFrames: true } })
  const client = await own.permitted()
  await own.worker.connections.next()
  own.worker.send(packet(10))
  await client.packets.next()
  client.indicate(PEER, packet(10))
  await own.worker.packets.next()
  expect(own.worker.nullFrames).toBe(1)
  await own.close()
})
