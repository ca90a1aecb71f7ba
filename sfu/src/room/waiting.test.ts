/** Somebody who is proven and waits in the device check: nobody's peer yet, and still current when it joins. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FakePeer } from '../../test/fake-peer.ts'
import { Network, newPerson, type Person } from '../../test/network.ts'
import { LIMITS } from '../limits.ts'

const START_MS = Date.UTC(2030, 0, 1)
let nowMs = START_MS
let network: Network

beforeAll(async () => {
  network = await Network.open({ now: () => nowMs })
})
afterAll(() => network.close())

const all = (peers: readonly FakePeer[]): void => peers.forEach((peer) => peer.close())

describe('I9 whoever waits in the device check', () => {
  test('is heard of by nobody, takes no place and opens no room', async () => {
    const small = await Network.open({ limits: { roomPeers: 1 } })
    const waiting = await small.admit()
    expect(small.tcs.counters()).toMatchObject({ rooms: 0, peers: 0, waiting: 1 })
    const inside = await small.join()
    expect(inside.events).toEqual([])
    expect(small.tcs.counters()).toMatchObject({ rooms: 1, peers: 1, waiting: 1 })
    await expect(waiting.join()).rejects.toThrow('room-full')
    inside.close()
    await expect.poll(() => small.tcs.counters().rooms).toBe(0)
    expect(await waiting.join()).toEqual({ peers: [], producers: [] })
    await small.close()
  })

  test('hears nothing of the room', async () => {
    const waiting = await network.admit()
    const inside = await network.join()
    const { transportId } = await inside.transport('send')
    await inside.produceAudio(transportId)
    await inside.request('e2ee-message', { to: '*', bytes: Buffer.from('x') })
    expect(await inside.ask('e2ee-message', { to: waiting.id, bytes: Buffer.from('x') })).toEqual({
      ok: false,
      code: 'not-found',
    })
    await waiting.request('relay-credentials', {})
    expect(waiting.events).toEqual([])
    all([waiting, inside])
  })

  test('joins when its token has long expired, and its transport need not wait for the reply', async () => {
    const inside = await network.join()
    const waiting = await network.admit()
    nowMs += 29 * 60_000
    const [room, transport] = await Promise.all([waiting.join(), waiting.transport('send')])
    expect(room.peers).toEqual([inside.id])
    expect(transport.transportId).toMatch(/^[\w-]+$/)
    expect(await inside.next('peer-joined')).toEqual({ peerId: waiting.id })
    all([waiting, inside])
  })

  test('is sent away after half an hour', async () => {
    expect(LIMITS.waitMs).toBe(30 * 60_000)
    const hasty = await Network.open({ limits: { waitMs: 30 } })
    const peer = await hasty.admit()
    expect(await peer.next('goodbye')).toEqual({ code: 'too-slow' })
    await peer.ended()
    await expect.poll(() => hasty.tcs.counters().waiting).toBe(0)
    await hasty.close()
  })

  test('gives way to its own newer connection', async () => {
    const person = await newPerson()
    const first = await network.admit({ person })
    const second = await network.admit({ person })
    expect(await first.next('goodbye')).toEqual({ code: 'replaced' })
    await second.join()
    second.close()
  })

  test('leaves without anybody hearing of it', async () => {
    const inside = await network.join()
    const waiting = await network.admit()
    await waiting.request('leave', {})
    await waiting.ended()
    await inside.request('relay-credentials', {})
    expect(inside.events).toEqual([])
    inside.close()
  })
})

describe('Q9 one account', () => {
  const devices = async (count: number): Promise<Person[]> =>
    Promise.all(Array.from({ length: count }, () => newPerson()))
  const claims = { sub: 'greedy' }

  test('is in a room with five devices at most, and others still come in', async () => {
    const inside = []
    for (const person of await devices(LIMITS.accountDevices)) {
      inside.push(await network.join({ person, claims }))
    }
    const sixth = await network.admit({ claims })
    await expect(sixth.join()).rejects.toThrow('too-many-devices')
    const other = await network.join({ claims: { sub: 'modest' } })
    inside[0]!.close()
    await other.next('peer-left')
    await sixth.join()
    all([...inside, sixth, other])
  })

  test('may come back to its place, and move to another window of the same browser', async () => {
    const persons = await devices(LIMITS.accountDevices)
    const inside = []
    for (const person of persons) inside.push(await network.join({ person, claims }))
    const again = await network.join({ person: persons[0]!, claims })
    const window = { ...persons[1]!, nonce: randomBytes(32) }
    const moved = await network.join({ person: window, claims })
    expect(await inside[0]!.next('goodbye')).toEqual({ code: 'replaced' })
    expect(await inside[1]!.next('goodbye')).toEqual({ code: 'replaced' })
    all([...inside, again, moved])
    await expect.poll(() => network.tcs.counters()).toMatchObject({ peers: 0, waiting: 0 })
  })

  test('has twenty connections at most, whatever ids and meetings it names', async () => {
    const peers = []
    for (const [at, person] of (await devices(LIMITS.accountConnections)).entries()) {
      peers.push(await network.admit({ person, claims: { ...claims, mid: `meeting-${at}` } }))
    }
    await expect(network.admit({ claims: { ...claims, mid: 'another' } })).rejects.toThrow(
      'too-many-devices',
    )
    await network.join({ claims: { sub: 'modest' } }).then((other) => other.close())
    all(peers)
    await expect.poll(() => network.tcs.counters().waiting).toBe(0)
    await network.admit({ claims }).then((peer) => peer.close())
  })

  test('shares one budget of bytes among its devices and their reconnections', async () => {
    const budget = await Network.open({
      now: () => nowMs,
      limits: { deliveredBytes: { perSecond: 1, burst: 2000 } },
    })
    const receiver = await budget.join()
    const person = await newPerson()
    const bytes = Buffer.alloc(1000)
    const message = { to: receiver.id, bytes }
    const first = await budget.join({ person, claims })
    expect(await first.ask('e2ee-message', message)).toMatchObject({ ok: true })
    first.close()
    await receiver.next('peer-left')
    for (const given of [{ person }, {}]) {
      const again = await budget.join({ ...given, claims })
      expect(await again.ask('e2ee-message', message)).toEqual({
        ok: false,
        code: 'too-many-messages',
      })
      again.close()
    }
    const other = await budget.join({ claims: { sub: 'modest' } })
    expect(await other.ask('e2ee-message', message)).toMatchObject({ ok: true })
    await budget.close()
  })
})
