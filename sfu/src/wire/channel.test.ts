/** The socket against clients that misbehave (checklist group W). */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FakePeer } from '../../test/fake-peer.ts'
import { isAlive, Network, newPerson, ORIGIN } from '../../test/network.ts'

let network: Network

beforeAll(async () => {
  network = await Network.open()
})
afterAll(() => network.close())

/** Bytes straight into the connection, below socket.io. */
function raw(peer: FakePeer, data: string | Buffer): void {
  ;(peer.socket.io.engine as unknown as { write(data: string | Buffer): void }).write(data)
}

async function get(path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  const request = httpRequest(`${network.url}${path}`, { headers })
  request.end()
  const answered = Promise.race([once(request, 'response'), once(request, 'upgrade')])
  const [response] = (await answered) as [IncomingMessage]
  request.destroy()
  return response
}

const UPGRADE = {
  Host: new URL(ORIGIN).host,
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
  'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
}

describe('W1 before the proof', () => {
  test('no request is answered, and nothing is learnt of who is there', async () => {
    const inside = await network.join()
    const stranger = await network.call()
    for (const type of ['join', 'e2ee-message', 'leave', 'relay-credentials']) {
      stranger.socket.emit('request', type, {}, () => expect.unreachable())
    }
    // The answer to a proof comes after anything that had been answered before it.
    expect(await stranger.authenticate({})).toEqual({ ok: false, code: 'refused' })
    await stranger.ended()
    expect(stranger.events).toEqual([])
    expect(inside.events).toEqual([])
    inside.close()
  })

  test('whoever proves nothing for too long is sent away', async () => {
    const hasty = await Network.open({ limits: { authenticateTimeoutMs: 30 } })
    const peer = await hasty.call()
    expect(await peer.next('goodbye')).toEqual({ code: 'too-slow' })
    await peer.ended()
    await hasty.close()
  })

  test('an admitted peer that has not joined sends, receives and says nothing', async () => {
    const peer = await network.admit()
    const { transportId } = await peer.transport('send')
    await expect(peer.produceAudio(transportId)).rejects.toThrow('not-allowed')
    expect(await peer.ask('consume', { transportId, producerId: 'p' })).toEqual({
      ok: false,
      code: 'not-allowed',
    })
    expect(await peer.ask('e2ee-message', { to: '*', bytes: Buffer.from('x') })).toEqual({
      ok: false,
      code: 'not-allowed',
    })
    peer.close()
  })
})

describe('W2 payloads', () => {
  test.each([
    ['an unknown request', 'shutdown', {}],
    ['a request named like a prototype member', 'constructor', {}],
    ['a request named __proto__', '__proto__', {}],
    ['no payload', 'join', null],
    ['a member too many', 'create-transport', { direction: 'send', extra: 1 }],
    ['a wrong word', 'create-transport', { direction: 'both' }],
    ['a wrong type', 'consume', { transportId: 7, producerId: 'x' }],
    ['a list for an object', 'leave', []],
    ['text for bytes', 'e2ee-message', { to: '*', bytes: 'text' }],
    ['no bytes', 'e2ee-message', { to: '*', bytes: Buffer.alloc(0) }],
    ['too many bytes', 'e2ee-message', { to: '*', bytes: Buffer.alloc(64 * 1024 + 1) }],
    [
      'an address that is no member id',
      'e2ee-message',
      { to: 'everybody', bytes: Buffer.from('x') },
    ],
    ['a prototype key', 'leave', JSON.parse('{"__proto__": {"ok": true}}')],
    ['bytes for a description', 'join', { rtpCapabilities: Buffer.alloc(10) }],
  ])('%s is a bad request', async (_name, type, request) => {
    const peer = await network.join()
    expect(await peer.ask(type, request)).toEqual({ ok: false, code: 'bad-request' })
    expect(peer.connected).toBe(true)
    peer.close()
  })

  test('a request without a place for the answer ends the connection', async () => {
    const peer = await network.join()
    peer.socket.emit('request', 'leave', {})
    expect(await peer.next('goodbye')).toEqual({ code: 'bad-request' })
    await peer.ended()
  })
})

describe('W3 the carrier', () => {
  test('is WebSocket only: the engine answers no other request', async () => {
    const response = await get('/tcs/?EIO=4&transport=polling', { Origin: ORIGIN })
    expect(response.statusCode).toBe(404)
  })

  test('compresses no message, even when the client offers to', async () => {
    const headers = { ...UPGRADE, Origin: ORIGIN }
    const response = await get('/tcs/?EIO=4&transport=websocket', headers)
    expect(response.statusCode).toBe(101)
    expect(response.headers['sec-websocket-extensions']).toBeUndefined()
  })

  test('serves no client script', async () => {
    const response = await get('/tcs/socket.io.js', { Origin: ORIGIN })
    expect(response.statusCode).toBeGreaterThanOrEqual(400)
  })

  test('takes no frame above 256 kB', async () => {
    const peer = await network.join()
    raw(peer, 'x'.repeat(256 * 1024 + 1))
    await peer.ended()
  })
})

describe('W4 Origin', () => {
  test.each([
    ['another site', { Origin: 'https://evil.example' }],
    ['a longer name', { Origin: `${ORIGIN}.evil.example` }],
    ['http', { Origin: ORIGIN.replace('https', 'http') }],
    ['null', { Origin: 'null' }],
    ['none', {}],
  ])('%s is refused at the upgrade', async (_name, headers: Record<string, string>) => {
    await expect(network.call(headers)).rejects.toThrow()
  })
})

describe('W5 a flood', () => {
  test('of messages ends its connection and disturbs nobody else', async () => {
    const [flooder, other] = [await network.join(), await network.join()]
    for (let count = 0; count < 1000; count += 1)
      flooder.socket.emit('request', 'nothing', {}, () => undefined)
    expect(await flooder.next('goodbye')).toEqual({ code: 'too-many-messages' })
    await flooder.ended()
    expect(await other.next('peer-left')).toEqual({ peerId: flooder.id, reason: 'lost' })
    expect(other.connected).toBe(true)
    other.close()
  })

  test('of events that nobody listens to ends its connection, proven or not', async () => {
    const flooder = await network.call()
    for (let count = 0; count < 1000; count += 1) flooder.socket.emit(`event-${count}`)
    await flooder.ended()
  })

  test('of bytes ends its connection', async () => {
    const flooder = await network.join()
    const bytes = Buffer.alloc(64 * 1024)
    for (let count = 0; count < 80; count += 1) {
      flooder.socket.emit('request', 'e2ee-message', { to: '*', bytes }, () => undefined)
    }
    expect(await flooder.next('goodbye')).toEqual({ code: 'too-many-messages' })
    await flooder.ended()
  })

  test('of broadcasts is refused by what it would make the TCS send', async () => {
    const small = await Network.open({ limits: { deliveredBytes: { perSecond: 0, burst: 800 } } })
    const [sender] = [await small.join(), await small.join(), await small.join()]
    const bytes = Buffer.alloc(100)
    expect(await sender.ask('e2ee-message', { to: '*', bytes })).toEqual({ ok: true, data: {} })
    expect(await sender.ask('e2ee-message', { to: '*', bytes })).toEqual({
      ok: false,
      code: 'too-many-messages',
    })
    await small.close()
  })
})

describe('W6 malformed packets', () => {
  test('end at most their own connection', async () => {
    const bystander = await network.join()
    const whole = '2["request","leave",{}]'
    const junk: (string | Buffer)[] = [
      ...[
        '',
        '9',
        '2',
        '2[',
        '2["request"]',
        '2[1,2,3]',
        '2{"a":1}',
        '3',
        '30[]',
        '4{}',
        '2["__proto__"]',
      ],
      ...[
        '2["disconnect"]',
        '2["error","x"]',
        '2["newListener"]',
        '0{"token":"x"}',
        '1',
        '0/other,',
        '2/other,["x"]',
      ],
      ...[
        '51-["request",{"_placeholder":true,"num":0}]',
        '51-["request",{"_placeholder":true,"num":99}]',
      ],
      ...[
        '5999999999-["request"]',
        '5-1-[]',
        '5[]',
        '599[]',
        '2999999999999999999["request","leave",{}]',
      ],
      ...[
        '2["authenticate",{"token":{"length":10}}]',
        '61-[{}]',
        '2["request","e2ee-message",{"to":"*"}]',
      ],
      ...Array.from(whole, (_char, at) => whole.slice(0, at)),
      ...Array.from({ length: 50 }, () => randomBytes(40).toString('latin1')),
      ...Array.from({ length: 20 }, () => randomBytes(40)),
    ]
    for (const [at, packet] of junk.entries()) {
      const peer = at % 2 === 0 ? await network.join() : await network.call()
      raw(peer, packet)
      peer.socket.emit('request', 'leave', {}, () => undefined)
      peer.close()
    }
    expect(await bystander.ask('relay-credentials', {})).toMatchObject({ ok: true })
    bystander.close()
  })
})

describe('W7 key messages', () => {
  test('reach the addressee alone, or all others, stamped with who sent them', async () => {
    const [a, b, c] = [await network.join(), await network.join(), await network.join()]
    await a.request('e2ee-message', { to: b.id, bytes: Buffer.from('for b') })
    await a.request('e2ee-message', { to: '*', bytes: Buffer.from('for all') })
    expect(await b.next('e2ee-message')).toEqual({ from: a.id, bytes: Buffer.from('for b') })
    expect(await b.next('e2ee-message')).toEqual({ from: a.id, bytes: Buffer.from('for all') })
    expect(await c.next('e2ee-message')).toEqual({ from: a.id, bytes: Buffer.from('for all') })
    await a.request('relay-credentials', {})
    expect(a.events.filter(({ type }) => type === 'e2ee-message')).toEqual([])
    for (const peer of [a, b, c]) peer.close()
  })

  test('cannot name another sender, nor go to oneself', async () => {
    const [a, b] = [await network.join(), await network.join()]
    const bytes = Buffer.from('x')
    const forged = { to: b.id, bytes, from: '0'.repeat(32) }
    expect(await a.ask('e2ee-message', forged)).toEqual({ ok: false, code: 'bad-request' })
    expect(await a.ask('e2ee-message', { to: a.id, bytes })).toEqual({
      ok: false,
      code: 'not-allowed',
    })
    for (const peer of [a, b]) peer.close()
  })

  test('stay within the meeting session', async () => {
    const [a, b] = [await network.join(), await network.join()]
    const elsewhere = await network.join({ claims: { msid: 'session-2' } })
    const otherMeeting = await network.join({ claims: { mid: 'meeting-2' } })
    const waiting = await network.admit()
    const bytes = Buffer.from('x')
    for (const target of [elsewhere, otherMeeting, waiting]) {
      expect(await a.ask('e2ee-message', { to: target.id, bytes })).toEqual({
        ok: false,
        code: 'not-found',
      })
    }
    await a.request('e2ee-message', { to: '*', bytes })
    expect(await b.next('e2ee-message')).toMatchObject({ from: a.id })
    for (const target of [elsewhere, otherMeeting, waiting]) {
      await target.request('relay-credentials', {})
      expect(target.events).toEqual([])
    }
    for (const peer of [a, b, elsewhere, otherMeeting, waiting]) peer.close()
  })
})

describe('W8 the end of a connection', () => {
  test('takes its producers and consumers along', async () => {
    const quiet = await Network.open()
    const [a, b] = [await quiet.join(), await quiet.join()]
    const producerId = await a.produceAudio((await a.transport('send')).transportId)
    const { transportId } = await b.transport('recv')
    await b.request('consume', { transportId, producerId })
    expect(quiet.tcs.counters()).toEqual({
      workers: 1,
      rooms: 1,
      peers: 2,
      waiting: 0,
      transports: 2,
      producers: 1,
      consumers: 1,
    })
    a.close()
    expect(await b.next('producer-closed')).toEqual({ producerId })
    expect(await b.next('peer-left')).toEqual({ peerId: a.id, reason: 'lost' })
    await expect
      .poll(() => quiet.tcs.counters())
      .toMatchObject({ rooms: 1, peers: 1, waiting: 0, transports: 1, producers: 0, consumers: 0 })
    expect(await b.ask('leave', {})).toEqual({ ok: true, data: {} })
    await b.ended()
    expect(quiet.tcs.counters()).toEqual({
      workers: 1,
      rooms: 0,
      peers: 0,
      waiting: 0,
      transports: 0,
      producers: 0,
      consumers: 0,
    })
    await quiet.close()
  })
})

test('a peer that stops reading is cut off before it fills the memory', async () => {
  const plenty = { perSecond: 1e9, burst: 1e9 }
  const limits = {
    unreadBytes: 1024 * 1024,
    messages: plenty,
    bytes: plenty,
    deliveredBytes: plenty,
  }
  const patient = await Network.open({ limits })
  const [sender, sleeper] = [await patient.join(), await patient.join()]
  await sender.next('peer-joined')
  const { transport } = sleeper.socket.io.engine as unknown as {
    transport: { ws: { pause(): void } }
  }
  transport.ws.pause()
  const bytes = Buffer.alloc(64 * 1024)
  // What the kernel takes in is not counted, so it must be filled first.
  while (patient.tcs.counters().peers === 2) await sender.ask('e2ee-message', { to: '*', bytes })
  expect(await sender.next('peer-left')).toEqual({ peerId: sleeper.id, reason: 'lost' })
  expect(await sender.ask('relay-credentials', {})).toMatchObject({ ok: true })
  await patient.close()
})

test('a full room takes nobody more, except a member that comes back', async () => {
  const tiny = await Network.open({ limits: { roomPeers: 1 } })
  const person = await newPerson()
  const first = await tiny.join({ person })
  await expect(tiny.join()).rejects.toThrow('room-full')
  await tiny.join({ person })
  expect(await first.next('goodbye')).toEqual({ code: 'replaced' })
  await tiny.close()
})

test('the end of the TCS says goodbye and leaves no worker process', async () => {
  const mortal = await Network.open({ workers: 2 })
  const peer = await mortal.join()
  await peer.transport('send')
  const pids = mortal.workerPids()
  expect(pids).toHaveLength(2)
  expect(pids.filter(isAlive)).toEqual(pids)
  await mortal.tcs.close()
  expect(pids.filter(isAlive)).toEqual([])
  expect(await peer.next('goodbye')).toEqual({ code: 'shutting-down' })
  await mortal.close()
})
