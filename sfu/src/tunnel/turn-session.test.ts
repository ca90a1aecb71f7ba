/** The TURN state machine by itself: no sockets, and time is a number. */
import { randomBytes } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { errorOf, UDP, channelAttribute, peerAttribute } from '../../test/turn-client.ts'
import { peerKey } from './allocation.ts'
import {
  Attribute,
  Method,
  attributeOf,
  decodeStun,
  encodeStun,
  hasIntegrity,
  longTermKey,
  uint32,
  type StunAttribute,
  type StunMessage,
} from './stun.ts'
import { TurnSession, type SessionOptions } from './turn-session.ts'

const PEER = { address: '198.51.100.1', port: 40_000 }
const OTHER = { address: '198.51.100.1', port: 40_001 }
const CHANNEL = 0x4000
const REALM = 'huisclos.example'
const passwords = new Map([
  ['anna', 'secret-a'],
  ['ben', 'secret-b'],
])

let nowMs: number
let session: TurnSession
let nonce: string
let legs: string[]
let allocations: number
let valid: boolean

const options: SessionOptions = {
  realm: REALM,
  client: { address: '203.0.113.9', port: 5_555 },
  passwordOf: (username) => (valid ? (passwords.get(username) ?? null) : null),
  peerAddress: PEER.address,
  workerPort: (address, port) =>
    address === PEER.address && (port === 40_000 || port === 40_001) ? port : null,
  relayedEndpoint: () => ({ address: '198.51.100.2', port: 50_000 }),
  openLeg: (_, port) => {
    legs.push(`open ${port}`)
    return { send: () => undefined, close: () => void legs.push(`close ${port}`) }
  },
  reserve: () => {
    if (allocations >= 1) return false
    allocations += 1
    return true
  },
  release: () => void (allocations -= 1),
  lifetimeMs: 600_000,
  permissionMs: 300_000,
  channelMs: 600_000,
  maxRefusals: 32,
}

interface Signature {
  username?: string
  password?: string
  nonce?: string
  omit?: number
}

function sign(method: number, attributes: readonly StunAttribute[], as: Signature = {}): Buffer {
  const username = as.username ?? 'anna'
  const key = longTermKey(username, REALM, as.password ?? passwords.get(username) ?? '')
  const own: StunAttribute[] = [
    [Attribute.username, Buffer.from(username)],
    [Attribute.realm, Buffer.from(REALM)],
    [Attribute.nonce, Buffer.from(as.nonce ?? nonce)],
  ]
  const kept = own.filter(([type]) => type !== as.omit)
  const transaction = randomBytes(12)
  return encodeStun({
    method,
    class: 'request',
    transaction,
    attributes: [...attributes, ...kept],
    key,
  })
}

function tell(bytes: Buffer): StunMessage {
  const reply = session.receive(bytes, nowMs)
  const message = reply === null ? null : decodeStun(reply)
  if (message === null) throw new Error('No reply.')
  expect(message.transaction).toEqual(bytes.subarray(8, 20))
  return message
}

const ask = (method: number, attributes: readonly StunAttribute[] = [], as?: Signature): number =>
  errorOf(tell(sign(method, attributes, as)))
const allocate = (extra: readonly StunAttribute[] = [], as?: Signature): number =>
  ask(Method.allocate, [[Attribute.requestedTransport, UDP], ...extra], as)
const lifetime = (seconds: number): StunAttribute => [Attribute.lifetime, uint32(seconds)]
const refresh = (seconds: number): number => ask(Method.refresh, [lifetime(seconds)])
const permit = (...peers: { address: string; port: number }[]): number =>
  ask(Method.createPermission, peers.map(peerAttribute))
const bind = (channel: number, peer = PEER): number =>
  ask(Method.channelBind, [channelAttribute(channel), peerAttribute(peer)])

function unsigned(method: number): Buffer {
  const transaction = randomBytes(12)
  return encodeStun({ method, class: 'request', transaction, attributes: [] })
}

beforeEach(() => {
  nowMs = 1_000
  legs = []
  allocations = 0
  valid = true
  session = new TurnSession(options, nowMs)
  const challenge = tell(unsigned(Method.allocate))
  nonce = attributeOf(challenge, Attribute.nonce)?.toString() ?? ''
})

test('a request without integrity is challenged, unsigned, with realm and nonce', () => {
  const challenge = tell(unsigned(Method.refresh))
  expect(errorOf(challenge)).toBe(401)
  expect(challenge.integrityAt).toBe(-1)
  expect(attributeOf(challenge, Attribute.realm)?.toString()).toBe(REALM)
  expect(attributeOf(challenge, Attribute.nonce)?.toString()).toBe(nonce)
})

test.each([Attribute.username, Attribute.realm, Attribute.nonce])(
  'integrity without attribute %i is a bad request',
  (omit) => expect(allocate([], { omit })).toBe(400),
)

test('N3 a wrong password, an unknown name and an expired credential look the same', () => {
  expect(allocate([], { password: 'guess' })).toBe(401)
  expect(allocate([], { username: 'nobody' })).toBe(401)
  valid = false
  expect(allocate()).toBe(401)
  expect(session.allocation).toBeNull()
})

test('any number of requests with a stale nonce are given the same fresh one, which then works', () => {
  const stale = { nonce: 'f'.repeat(24) }
  const replies = Array.from({ length: 10 }, () =>
    tell(sign(Method.allocate, [[Attribute.requestedTransport, UDP]], stale)),
  )
  expect(new Set(replies.map(errorOf))).toEqual(new Set([438]))
  const nonces = replies.map((reply) => attributeOf(reply, Attribute.nonce)?.toString())
  expect(new Set(nonces)).toEqual(new Set([nonce]))
  expect(allocate()).toBe(0)
})

test('who keeps being refused is thrown out', () => {
  const knock = (): unknown => session.receive(unsigned(Method.allocate), nowMs)
  for (let i = 0; i < 31; i += 1) knock()
  expect(knock).toThrow('refused-too-often')
})

test('success and refusals after authentication are signed', () => {
  const key = longTermKey('anna', REALM, 'secret-a')
  const success = tell(sign(Method.allocate, [[Attribute.requestedTransport, UDP]]))
  expect(hasIntegrity(success, key)).toBe(true)
  const refusal = tell(sign(Method.allocate, [[Attribute.requestedTransport, UDP]]))
  expect(errorOf(refusal)).toBe(437)
  expect(hasIntegrity(refusal, key)).toBe(true)
})

test('an Allocate for anything but UDP over IPv4 is refused with its own code', () => {
  expect(ask(Method.allocate)).toBe(400)
  expect(ask(Method.allocate, [[Attribute.requestedTransport, Buffer.alloc(0)]])).toBe(400)
  expect(ask(Method.allocate, [[Attribute.requestedTransport, Buffer.from([6, 0, 0, 0])]])).toBe(
    442,
  )
  expect(allocate([[Attribute.requestedAddressFamily, Buffer.from([2, 0, 0, 0])]])).toBe(440)
  expect(allocate([[Attribute.requestedAddressFamily, Buffer.alloc(0)]])).toBe(440)
  expect(allocate([[Attribute.evenPort, Buffer.from([0x80])]])).toBe(508)
  expect(allocate([[Attribute.reservationToken, Buffer.alloc(8)]])).toBe(508)
  const both: StunAttribute[] = [
    [Attribute.evenPort, Buffer.from([0x80])],
    [Attribute.reservationToken, Buffer.alloc(8)],
  ]
  expect(allocate(both)).toBe(400)
  expect(allocate([[Attribute.lifetime, Buffer.alloc(3)]])).toBe(400)
  expect(allocations).toBe(0)
  expect(allocate([[Attribute.requestedAddressFamily, Buffer.from([1, 0, 0, 0])]])).toBe(0)
})

test('an attribute that must be understood and is not is named', () => {
  const reply = tell(
    sign(Method.allocate, [
      [0x7777, Buffer.alloc(4)],
      [0x1a, Buffer.alloc(0)],
    ]),
  )
  expect(errorOf(reply)).toBe(420)
  expect(attributeOf(reply, Attribute.unknownAttributes)?.toString('hex')).toBe('7777001a')
  expect(allocate([[0x8022, Buffer.from('a browser')]])).toBe(0)
})

test('beyond the quota there is no allocation', () => {
  allocations = 1
  expect(allocate()).toBe(486)
})

test('an allocation belongs to the name that made it', () => {
  allocate()
  expect(ask(Method.refresh, [], { username: 'ben' })).toBe(441)
  expect(allocate([], { username: 'ben' })).toBe(437)
  expect(ask(Method.refresh, [], { username: 'ben', password: 'guess' })).toBe(401)
})

test('expired credentials still refresh what they made, and make nothing new', () => {
  allocate()
  valid = false
  nowMs += 500_000
  expect(refresh(600)).toBe(0)
  expect(permit(PEER)).toBe(0)
  expect(bind(CHANNEL)).toBe(0)
  expect(refresh(0)).toBe(0)
  expect(allocate()).toBe(401)
})

test('everything but Allocate needs an allocation', () => {
  expect(refresh(600)).toBe(437)
  expect(permit(PEER)).toBe(437)
  expect(bind(CHANNEL)).toBe(437)
})

test('an allocation lives as long as it is refreshed', () => {
  allocate()
  nowMs += 599_000
  session.expire(nowMs)
  expect(refresh(3600)).toBe(0)
  nowMs += 599_000
  session.expire(nowMs)
  expect(session.allocation).not.toBeNull()
  nowMs += 1_000
  session.expire(nowMs)
  expect(session.allocation).toBeNull()
  expect(session.idleSinceMs).toBe(nowMs)
  expect(allocations).toBe(0)
})

test('a Refresh of zero frees all there is and leaves the connection usable', () => {
  allocate()
  bind(CHANNEL)
  expect(refresh(0)).toBe(0)
  expect(legs).toEqual(['open 40000', 'close 40000'])
  expect(allocations).toBe(0)
  expect(allocate([], { username: 'ben' })).toBe(0)
})

test('permissions are all or nothing', () => {
  allocate()
  expect(permit()).toBe(400)
  expect(permit(PEER, { address: '10.0.0.1', port: 40_000 })).toBe(403)
  expect(ask(Method.createPermission, [[Attribute.xorPeerAddress, Buffer.alloc(3)]])).toBe(400)
  expect(legs).toEqual([])
  expect(permit(PEER, OTHER)).toBe(0)
  expect(legs).toEqual(['open 40000', 'open 40001'])
})

test('a permission is for the address, and ends after its time unless renewed', () => {
  allocate()
  permit(PEER)
  expect(session.allocation?.legOfPeer(peerKey(OTHER))).not.toBeNull()
  nowMs += 299_000
  permit(PEER)
  session.expire(nowMs + 299_000)
  expect(session.allocation?.legOfPeer(peerKey(PEER))).not.toBeNull()
  session.expire(nowMs + 300_000)
  expect(session.allocation?.legOfPeer(peerKey(PEER))).toBeNull()
  expect(legs).toContain('close 40000')
})

test('a channel keeps its peer reachable when the permission has ended, and ends itself', () => {
  allocate()
  bind(CHANNEL)
  session.expire(nowMs + 400_000)
  expect(session.allocation?.legOfChannel(CHANNEL)).not.toBeNull()
  session.expire(nowMs + 600_000 - 1)
  expect(session.allocation?.legOfChannel(CHANNEL)).not.toBeNull()
  nowMs += 590_000
  refresh(600)
  session.expire(nowMs + 10_000)
  expect(session.allocation?.legOfChannel(CHANNEL)).toBeNull()
  expect(legs).toEqual(['open 40000', 'close 40000'])
})

test('a channel has one peer and a peer one channel', () => {
  allocate()
  expect(bind(CHANNEL)).toBe(0)
  expect(bind(CHANNEL)).toBe(0)
  expect(bind(CHANNEL, OTHER)).toBe(400)
  expect(bind(CHANNEL + 1)).toBe(400)
  expect(bind(CHANNEL + 1, OTHER)).toBe(0)
})

test('channel numbers are those of RFC 8656, and attributes have their size', () => {
  allocate()
  for (const channel of [0, 0x3fff, 0x5000, 0xffff]) expect(bind(channel)).toBe(400)
  for (const length of [0, 1, 2, 3, 5]) {
    const number: StunAttribute = [Attribute.channelNumber, Buffer.alloc(length, 0x40)]
    expect(ask(Method.channelBind, [number, peerAttribute(PEER)])).toBe(400)
  }
  expect(ask(Method.channelBind, [channelAttribute(CHANNEL)])).toBe(400)
  expect(ask(Method.channelBind, [peerAttribute(PEER)])).toBe(400)
  expect(ask(Method.refresh, [[Attribute.lifetime, Buffer.alloc(2)]])).toBe(400)
  expect(ask(Method.refresh, [[Attribute.requestedAddressFamily, Buffer.from([2])]])).toBe(443)
})

test('methods that are not ours are bad requests, indications and replies get no answer', () => {
  expect(ask(0x0a)).toBe(400)
  for (const kind of ['indication', 'success', 'error'] as const) {
    const bytes = encodeStun({ ...decodeStun(sign(Method.allocate, []))!, class: kind })
    expect(session.receive(bytes, nowMs)).toBeNull()
  }
})

test('a Binding request tells the address without credentials', () => {
  const reply = tell(unsigned(Method.binding))
  expect(errorOf(reply)).toBe(0)
  expect(attributeOf(reply, Attribute.xorMappedAddress)).toBeDefined()
})

test('a Binding request with an attribute that must be understood and is not is refused with 420', () => {
  const transaction = randomBytes(12)
  const attributes: StunAttribute[] = [
    [0x7777, Buffer.alloc(4)],
    [0x8001, Buffer.alloc(4)],
  ]
  const reply = tell(
    encodeStun({ method: Method.binding, class: 'request', transaction, attributes }),
  )
  expect(errorOf(reply)).toBe(420)
  expect(attributeOf(reply, Attribute.unknownAttributes)?.toString('hex')).toBe('7777')
})

test('a permission ignores the port, and opens no leg where there is no worker', () => {
  allocate()
  expect(permit({ address: PEER.address, port: 9 })).toBe(0)
  expect(legs).toEqual([])
  expect(session.allocation?.legOfPeer(peerKey(PEER))).not.toBeNull()
  expect(bind(CHANNEL, { address: PEER.address, port: 9 })).toBe(403)
})

test('what is no STUN message ends the connection', () => {
  const bytes = sign(Method.allocate, [])
  bytes.writeUInt32BE(0, 4)
  expect(() => session.receive(bytes, nowMs)).toThrow('malformed')
})
