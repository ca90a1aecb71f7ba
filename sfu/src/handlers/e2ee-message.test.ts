/** Many opaque messages in one request: whom they reach, and what is refused (checklist W2, W5, W7). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FakePeer } from '../../test/fake-peer.ts'
import { Network } from '../../test/network.ts'
import type { PeerId } from '../protocol.ts'

let network: Network
let sessions = 0

beforeAll(async () => {
  network = await Network.open()
})
afterAll(() => network.close())

/** Peers of a room of their own. */
async function room(count: number, where = network): Promise<FakePeer[]> {
  const msid = `session-many-${(sessions += 1)}`
  const peers: FakePeer[] = []
  for (let at = 0; at < count; at += 1) peers.push(await where.join({ claims: { msid } }))
  return peers
}

const batch = (...messages: readonly (readonly [PeerId, Buffer])[]) => ({
  to: messages.map(([to]) => to),
  lengths: messages.map(([, bytes]) => bytes.length),
  bytes: Buffer.concat(messages.map(([, bytes]) => bytes)),
})

/** Answered once everything that was sent before has been passed on. */
const heard = async (peer: FakePeer): Promise<unknown[]> => {
  await peer.request('relay-credentials', {})
  return peer.events.filter(({ type }) => type === 'e2ee-message').map(({ payload }) => payload)
}

describe('W7 a batch', () => {
  test('reaches each addressee alone, in order, stamped with who sent it', async () => {
    const [a, b, c] = (await room(3)) as [FakePeer, FakePeer, FakePeer]
    const request = batch(
      [b.id, Buffer.from('one')],
      [c.id, Buffer.from('for c')],
      [b.id, Buffer.from('two!')],
    )
    expect(await a.request('e2ee-messages', request)).toEqual({})
    expect(await heard(b)).toEqual([
      { from: a.id, bytes: Buffer.from('one') },
      { from: a.id, bytes: Buffer.from('two!') },
    ])
    expect(await heard(c)).toEqual([{ from: a.id, bytes: Buffer.from('for c') }])
    expect(await heard(a)).toEqual([])
  })

  test('passes over whoever has left, is elsewhere or has not joined', async () => {
    const [a, b, gone] = (await room(3)) as [FakePeer, FakePeer, FakePeer]
    const [elsewhere] = (await room(1)) as [FakePeer]
    const waiting = await network.admit({ claims: { msid: `session-many-${sessions - 1}` } })
    gone.close()
    await a.next('peer-left')
    const nobody = '0'.repeat(32) as PeerId
    const others = [gone.id, elsewhere.id, waiting.id, nobody]
    const lost = others.map((id) => [id, Buffer.from('lost')] as const)
    expect(await a.request('e2ee-messages', batch(...lost, [b.id, Buffer.from('x')]))).toEqual({})
    expect(await heard(b)).toEqual([{ from: a.id, bytes: Buffer.from('x') }])
    expect([...(await heard(elsewhere)), ...(await heard(waiting))]).toEqual([])
  })

  test('with a message to oneself, or from outside the room, is not allowed', async () => {
    const [a, b] = (await room(2)) as [FakePeer, FakePeer]
    const request = batch([b.id, Buffer.from('x')], [a.id, Buffer.from('x')])
    expect(await a.ask('e2ee-messages', request)).toEqual({ ok: false, code: 'not-allowed' })
    const waiting = await network.admit()
    const outside = batch([b.id, Buffer.from('x')])
    expect(await waiting.ask('e2ee-messages', outside)).toEqual({ ok: false, code: 'not-allowed' })
    expect(await heard(b)).toEqual([])
  })
})

describe('W2 a batch', () => {
  const id = '1'.repeat(32) as PeerId
  const many = (count: number, size: number) =>
    batch(...Array.from({ length: count }, () => [id, Buffer.alloc(size)] as const))

  test('of the largest size is taken', async () => {
    const [a] = (await room(1)) as [FakePeer]
    expect(await a.ask('e2ee-messages', many(500, 409))).toEqual({ ok: true, data: {} })
    expect(await a.ask('e2ee-messages', many(3, 64 * 1024))).toEqual({ ok: true, data: {} })
  })

  test.each([
    ['of nothing', { to: [], lengths: [], bytes: Buffer.alloc(0) }],
    ['of more than 500 messages', many(501, 1)],
    ['of more than 200 kB', many(50, 4097)],
    ['with a message above 64 kB', many(1, 64 * 1024 + 1)],
    ['with an empty message', { to: [id, id], lengths: [1, 0], bytes: Buffer.alloc(1) }],
    ['with a negative length', { to: [id, id], lengths: [2, -1], bytes: Buffer.alloc(1) }],
    ['with half a byte', { to: [id, id], lengths: [0.5, 0.5], bytes: Buffer.alloc(1) }],
    ['with fewer bytes than lengths', { to: [id], lengths: [2], bytes: Buffer.alloc(1) }],
    ['with more bytes than lengths', { to: [id], lengths: [1], bytes: Buffer.alloc(2) }],
    ['with fewer lengths than addressees', { to: [id, id], lengths: [1], bytes: Buffer.alloc(1) }],
    ['with fewer addressees than lengths', { to: [id], lengths: [1, 1], bytes: Buffer.alloc(2) }],
    ['to everybody', { to: ['*'], lengths: [1], bytes: Buffer.alloc(1) }],
    ['with text for bytes', { to: [id], lengths: [1], bytes: 'x' }],
    ['that names its sender', { ...many(1, 1), from: id }],
    ['with an addressee like a prototype', { ...many(1, 1), to: ['__proto__'] }],
  ])('%s is a bad request', async (_name, request) => {
    const [a] = (await room(1)) as [FakePeer]
    expect(await a.ask('e2ee-messages', request)).toEqual({ ok: false, code: 'bad-request' })
    expect(a.connected).toBe(true)
    a.close()
  })
})

describe('W5 batches', () => {
  test('cost what they make the TCS send, and are refused whole', async () => {
    const limits = { deliveredBytes: { perSecond: 0, burst: 800 } }
    const small = await Network.open({ limits })
    const [a, b] = (await room(2, small)) as [FakePeer, FakePeer]
    const message = [b.id, Buffer.alloc(100)] as const
    const refused = { ok: false, code: 'too-many-messages' }
    expect(await a.ask('e2ee-messages', batch(message, message, message))).toEqual(refused)
    expect(await heard(b)).toEqual([])
    expect(await a.ask('e2ee-messages', batch(message, message))).toEqual({ ok: true, data: {} })
    expect(await a.ask('e2ee-messages', batch(message))).toEqual(refused)
    expect(await heard(b)).toHaveLength(2)
    await small.close()
  })

  test('in a flood end their connection, and disturb nobody else', async () => {
    const [a, b] = (await room(2)) as [FakePeer, FakePeer]
    const request = batch(...Array.from({ length: 50 }, () => [b.id, Buffer.alloc(4096)] as const))
    for (let count = 0; count < 60; count += 1) {
      a.socket.emit('request', 'e2ee-messages', request, () => undefined)
    }
    expect(await a.next('goodbye')).toEqual({ code: 'too-many-messages' })
    await a.ended()
    expect(await b.next('peer-left')).toEqual({ peerId: a.id, reason: 'lost' })
    expect(b.connected).toBe(true)
  })

  test('of a sender in a room of 200 with 50 senders pass, all at once', async () => {
    const [a, b, c] = (await room(3)) as [FakePeer, FakePeer, FakePeer]
    const ask = (type: string, request: unknown) => a.ask(type, request)
    // 199 envelopes with hybrid ciphertexts for a rotation, twice; a HELLO; 49 acknowledgements; 50 streams.
    const envelopes = Array.from(
      { length: 100 },
      (_, at) => [at % 2 === 0 ? b.id : c.id, Buffer.alloc(1300)] as const,
    )
    const rotation = Array.from({ length: 4 }, () => ask('e2ee-messages', batch(...envelopes)))
    const hello = ask('e2ee-message', { to: '*', bytes: Buffer.alloc(2100) })
    const acks = Array.from({ length: 49 }, () =>
      ask('e2ee-message', { to: b.id, bytes: Buffer.alloc(200) }),
    )
    const streams = Array.from({ length: 100 }, () => ask('restart-ice', { transportId: 'x' }))
    const answers = await Promise.all([...rotation, hello, ...acks])
    expect(answers).toEqual(answers.map(() => ({ ok: true, data: {} })))
    await Promise.all(streams)
    expect(a.connected).toBe(true)
    expect(await heard(b)).toHaveLength(200 + 1 + 49)
  })
})
