/** Transports of somebody who waits in the device check: few, of its own, and gone whenever the wait ends otherwise. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isAlive, Network, newPerson } from '../../test/network.ts'
import type { FakePeer } from '../../test/fake-peer.ts'
import { LIMITS } from '../limits.ts'

let nowMs = Date.UTC(2030, 0, 1)
let network: Network

beforeEach(async () => {
  network = await Network.open({ now: () => nowMs })
})
afterEach(() => network.close())

const transports = () => network.tcs.counters().transports
const nothingLeft = () => expect.poll(transports, { timeout: 10_000 }).toBe(0)

async function ready(given: Parameters<Network['admit']>[0] = {}): Promise<FakePeer> {
  const peer = await network.admit(given)
  await Promise.all([peer.transport('send'), peer.transport('recv')])
  return peer
}

const value = Array(32).fill('ab').join(':')
const dtlsParameters = { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] } as const

describe('I9 transports made in the device check', () => {
  test('serve after the join, and nobody hears of them before', async () => {
    const inside = await network.join()
    const producerId = await inside.produceAudio((await inside.transport('send')).transportId)
    const waiting = await network.admit()
    const send = await waiting.transport('send')
    const recv = await waiting.transport('recv')
    await waiting.request('connect-transport', { transportId: recv.transportId, dtlsParameters })
    await inside.request('relay-credentials', {})
    expect(inside.events).toEqual([])
    expect(waiting.events).toEqual([])
    expect(network.tcs.counters()).toMatchObject({ rooms: 1, peers: 1, waiting: 1 })
    await waiting.join()
    await waiting.produceAudio(send.transportId)
    const request = { transportId: recv.transportId, producerId }
    expect(await waiting.ask('consume', request)).toMatchObject({ ok: true })
    expect(await inside.next('peer-joined')).toEqual({ peerId: waiting.id })
    expect(transports()).toBe(3)
  })

  test('serve the first who comes to a room that nobody is in', async () => {
    const first = await ready()
    expect(network.tcs.counters()).toMatchObject({ rooms: 0, peers: 0, waiting: 1, transports: 2 })
    const { transportId } = await first.transport('send')
    await first.join()
    await first.produceAudio(transportId)
    expect(network.tcs.counters()).toMatchObject({ rooms: 1, peers: 1, waiting: 0, transports: 2 })
  })

  test('are one of each direction: another one takes its place', async () => {
    const waiting = await ready()
    const { transportId } = await waiting.transport('recv')
    expect(transports()).toBe(2)
    await waiting.request('restart-ice', { transportId })
    await waiting.join()
    await waiting.transport('recv')
    expect(transports()).toBe(3)
  })

  test('cannot be touched by others of the same meeting', async () => {
    const [a, b] = [await ready(), await ready()]
    const { transportId } = await a.transport('send')
    for (const [type, request] of [
      ['restart-ice', { transportId }],
      ['connect-transport', { transportId, dtlsParameters }],
    ] as const) {
      expect(await b.ask(type, request)).toEqual({ ok: false, code: 'not-found' })
    }
  })

  test('are made anew when the media worker dies', async () => {
    const waiting = await ready()
    const [pid] = network.workerPids()
    process.kill(pid!, 'SIGKILL')
    expect(await waiting.next('media-reset')).toEqual({})
    await expect.poll(() => isAlive(pid!)).toBe(false)
    const { transportId } = await waiting.transport('send')
    await waiting.join()
    await waiting.produceAudio(transportId)
  })
})

describe('Q9 what somebody prepared is given back', () => {
  test('when its connection ends, together with the room', async () => {
    const waiting = await ready()
    waiting.close()
    await nothingLeft()
    const again = await ready()
    await again.join()
    expect(network.tcs.counters()).toMatchObject({ rooms: 1, peers: 1, transports: 2 })
  })

  test('when it leaves', async () => {
    const waiting = await ready()
    await waiting.request('leave', {})
    await nothingLeft()
  })

  test('when its join is refused', async () => {
    await network.close()
    network = await Network.open({ limits: { roomPeers: 1 } })
    const inside = await network.join()
    const late = await ready()
    await expect(late.join()).rejects.toThrow('room-full')
    await nothingLeft()
    inside.close()
    await expect.poll(() => network.tcs.counters().rooms).toBe(0)
    await Promise.all([late.transport('send'), late.transport('recv')])
    await late.join()
    expect(transports()).toBe(2)
  })

  test('when it has waited too long', async () => {
    await network.close()
    network = await Network.open({ limits: { waitMs: 500 } })
    const waiting = await ready()
    expect(await waiting.next('goodbye')).toEqual({ code: 'too-slow' })
    await nothingLeft()
  })

  test('when a newer connection of the same member takes its place', async () => {
    const person = await newPerson()
    const older = await ready({ person })
    await ready({ person })
    await older.ended()
    await expect.poll(transports).toBe(2)
  })

  test.each([
    ['is put out of the meeting', { sub: 'eve', mid: 'meeting-1' }, 'removed'],
    ['is suspended', { sub: 'eve' }, 'suspended'],
    ['finds the meeting cancelled', { mid: 'meeting-1' }, 'meeting-ended'],
  ] as const)('when it %s', async (_, scope, reason) => {
    const waiting = await ready({ claims: { sub: 'eve' } })
    network.tcs.endAccess({ ...scope, atMs: nowMs, reason })
    expect(await waiting.next('goodbye')).toEqual({ code: reason })
    await nothingLeft()
  })
})

describe('Q9 an account that makes transports and never joins', () => {
  const claims = { sub: 'greedy' }

  test('is refused when it does so on and on, with any connection, and others are not', async () => {
    const peer = await network.admit({ claims })
    const asked = LIMITS.waitingTransports.burst + 1
    const answers = []
    for (let at = 0; at < asked; at += 1) {
      answers.push(await peer.ask('create-transport', { direction: 'send' }))
    }
    expect(answers.filter((answer) => answer.ok)).toHaveLength(LIMITS.waitingTransports.burst)
    expect(answers.at(-1)).toEqual({ ok: false, code: 'too-many-messages' })
    expect(transports()).toBe(1)
    peer.close()
    await nothingLeft()
    const again = await network.admit({ claims })
    await expect(again.transport('send')).rejects.toThrow('too-many-messages')
    await (await network.admit()).transport('send')
    // Whoever joins is not held up by it.
    await again.join()
    await again.transport('send')
  })

  test('may go on a while later', async () => {
    const peer = await network.admit({ claims })
    for (let at = 0; at < LIMITS.waitingTransports.burst; at += 1) await peer.transport('send')
    await expect(peer.transport('send')).rejects.toThrow('too-many-messages')
    nowMs += 2_000
    await peer.transport('send')
  })

  test('has two for each of its connections at most', async () => {
    const persons = await Promise.all(
      Array.from({ length: LIMITS.accountConnections }, () => newPerson()),
    )
    for (const person of persons) await ready({ person, claims })
    expect(transports()).toBe(2 * LIMITS.accountConnections)
  })
})
