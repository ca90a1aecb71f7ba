/** Media as signalling sees it: what may be sent, and what happens when a worker dies. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { opus } from '../../test/fake-peer.ts'
import { isAlive, Network, PEER_ADDRESS } from '../../test/network.ts'
import type { IceCandidate } from 'mediasoup/types'

let network: Network

beforeAll(async () => {
  network = await Network.open()
})
afterAll(() => network.close())

function vp8(encodings: object[]): object {
  const video = {
    mimeType: 'video/VP8',
    payloadType: 96,
    clockRate: 90_000,
    parameters: {},
    rtcpFeedback: [],
  }
  return { mid: '1', codecs: [video], headerExtensions: [], encodings, rtcp: { cname: 'fake' } }
}

describe('a transport', () => {
  test('N1 offers one candidate: the made-up address, which the relay alone can resolve', async () => {
    const peer = await network.join()
    const { iceCandidates, iceParameters } = await peer.transport('send')
    const [candidate] = iceCandidates as IceCandidate[]
    expect(iceCandidates).toHaveLength(1)
    expect(candidate).toMatchObject({ address: PEER_ADDRESS, protocol: 'udp', type: 'host' })
    expect(iceParameters).toMatchObject({ iceLite: true })
    const port = network.tcs.workerPort(PEER_ADDRESS, candidate!.port)
    expect(port).toBeGreaterThan(0)
    expect(network.tcs.workerPort('127.0.0.1', candidate!.port)).toBeNull()
    expect(network.tcs.workerPort(PEER_ADDRESS, port!)).toBeNull()
    peer.close()
  })

  test('N4 has no SCTP', async () => {
    const peer = await network.join()
    expect(await peer.transport('send')).not.toHaveProperty('sctpParameters')
    peer.close()
  })

  test('is given new ICE credentials on restart', async () => {
    const peer = await network.join()
    const { transportId, iceParameters } = await peer.transport('recv')
    const { iceParameters: fresh } = await peer.request('restart-ice', { transportId })
    expect(fresh).not.toEqual(iceParameters)
    peer.close()
  })

  test('closes the oldest when a third of one direction is made', async () => {
    const peer = await network.join()
    const first = await peer.transport('send')
    const producerId = await peer.produceAudio(first.transportId)
    await peer.transport('recv')
    await peer.transport('send')
    expect(await peer.ask('pause-producer', { producerId })).toMatchObject({ ok: true })
    await peer.transport('send')
    expect(await peer.ask('pause-producer', { producerId })).toEqual({
      ok: false,
      code: 'not-found',
    })
    peer.close()
  })

  test('is connected once', async () => {
    const peer = await network.join()
    const { transportId } = await peer.transport('send')
    const value = Array(32).fill('ab').join(':')
    const dtlsParameters = { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] }
    expect(await peer.ask('connect-transport', { transportId, dtlsParameters })).toMatchObject({
      ok: true,
    })
    expect(await peer.ask('connect-transport', { transportId, dtlsParameters })).toEqual({
      ok: false,
      code: 'bad-request',
    })
    peer.close()
  })
})

describe('a producer', () => {
  test('is told to everybody in the room, now and later, with its state', async () => {
    const [a, b] = [await network.join(), await network.join()]
    const producerId = await a.produceAudio((await a.transport('send')).transportId)
    const info = { producerId, peerId: a.id, kind: 'audio', source: 'audio', paused: false }
    expect(await b.next('producer-added')).toEqual(info)
    await a.request('pause-producer', { producerId })
    expect(await b.next('producer-paused')).toEqual({ producerId })
    const c = await network.admit()
    expect((await c.join()).producers).toEqual([{ ...info, paused: true }])
    await a.request('resume-producer', { producerId })
    expect(await b.next('producer-resumed')).toEqual({ producerId })
    await a.request('close-producer', { producerId })
    expect(await b.next('producer-closed')).toEqual({ producerId })
    expect(a.events.filter(({ type }) => type.startsWith('producer'))).toEqual([])
    for (const peer of [a, b, c]) peer.close()
  })

  test('is the only one of its source and peer, also when two are asked for at once', async () => {
    const peer = await network.join()
    const { transportId } = await peer.transport('send')
    const ask = (ssrc: number): Promise<unknown> =>
      peer.ask('produce', {
        transportId,
        kind: 'audio',
        source: 'audio',
        rtpParameters: opus(ssrc),
        paused: false,
      })
    const [first, second] = await Promise.all([ask(1), ask(2)])
    expect(first).toMatchObject({ ok: true })
    expect(second).toEqual({ ok: false, code: 'not-allowed' })
    expect(await peer.produceAudio(transportId, 'screen-audio')).toBeTruthy()
    peer.close()
  })

  test.each([
    [['audio'], 'audio', 'audio', true],
    [['audio'], 'video', 'video', false],
    [['audio', 'video'], 'video', 'screen', false],
    [['audio', 'video'], 'audio', 'screen-audio', false],
    [['video'], 'audio', 'audio', false],
    [['share'], 'video', 'screen', true],
    [['share'], 'audio', 'screen-audio', true],
    [[], 'audio', 'audio', false],
  ])('R3 with prm %j: a %s producer for %s is allowed: %s', async (prm, kind, source, allowed) => {
    const peer = await network.join({ claims: { prm } })
    const { transportId } = await peer.transport('send')
    const rtpParameters = kind === 'audio' ? opus(7) : vp8([{ ssrc: 7 }])
    const answer = await peer.ask('produce', {
      transportId,
      kind,
      source,
      rtpParameters,
      paused: true,
    })
    expect(answer).toMatchObject(allowed ? { ok: true } : { ok: false, code: 'not-allowed' })
    peer.close()
  })

  test('must be of the kind that its source and its codec say', async () => {
    const peer = await network.join()
    const { transportId } = await peer.transport('send')
    const tries = [
      { kind: 'video', source: 'audio', rtpParameters: vp8([{ ssrc: 8 }]) },
      { kind: 'audio', source: 'screen', rtpParameters: opus(8) },
      { kind: 'video', source: 'video', rtpParameters: opus(8) },
    ]
    for (const each of tries) {
      const answer = await peer.ask('produce', { transportId, ...each, paused: false })
      expect(answer).toEqual({ ok: false, code: 'bad-request' })
    }
    peer.close()
  })

  test('with the MID or the SSRC of another is refused as the mistake it is', async () => {
    const peer = await network.join()
    const { transportId } = await peer.transport('send')
    await peer.produceAudio(transportId)
    for (const rtpParameters of [opus(1111, '2'), opus(2222, '0')]) {
      const answer = await peer.ask('produce', {
        ...{ transportId, kind: 'audio', source: 'screen-audio', rtpParameters, paused: false },
      })
      expect(answer).toEqual({ ok: false, code: 'bad-request' })
    }
    expect(await peer.produceAudio(transportId, 'screen-audio')).toBeTruthy()
    peer.close()
  })
})

describe('a consumer', () => {
  test('starts paused, knows its layers, and takes orders', async () => {
    const [a, b] = [await network.join(), await network.join()]
    const rtpParameters = vp8([
      { rid: 'low', scalabilityMode: 'L1T2' },
      { rid: 'mid', scalabilityMode: 'L1T2' },
      { rid: 'high', scalabilityMode: 'L1T2' },
    ])
    const send = await a.transport('send')
    const { producerId } = await a.request('produce', {
      ...{
        transportId: send.transportId,
        kind: 'video',
        source: 'video',
        rtpParameters,
        paused: true,
      },
    })
    const { transportId } = await b.transport('recv')
    const consumer = await b.request('consume', { transportId, producerId })
    expect(consumer).toMatchObject({ producerId, kind: 'video', producerPaused: true })
    expect(consumer.layers).toEqual({ spatial: 3, temporal: 2 })
    const { consumerId } = consumer
    await b.request('resume-consumer', { consumerId })
    await b.request('prefer-layers', { consumerId, spatial: 1, temporal: 1 })
    await b.request('request-key-frame', { consumerId })
    await b.request('pause-consumer', { consumerId })
    await b.request('close-consumer', { consumerId })
    expect(await b.ask('pause-consumer', { consumerId })).toEqual({ ok: false, code: 'not-found' })
    for (const peer of [a, b]) peer.close()
  })

  test('of a single stream has no layers', async () => {
    const [a, b] = [await network.join(), await network.join()]
    const producerId = await a.produceAudio((await a.transport('send')).transportId)
    const { transportId } = await b.transport('recv')
    const { layers, consumerId } = await b.request('consume', { transportId, producerId })
    expect(layers).toBeNull()
    await b.request('prefer-layers', { consumerId, spatial: 0, temporal: 0 })
    for (const peer of [a, b]) peer.close()
  })

  test('needs a transport that receives', async () => {
    const [a, b] = [await network.join(), await network.join()]
    const producerId = await a.produceAudio((await a.transport('send')).transportId)
    const { transportId } = await b.transport('send')
    expect(await b.ask('consume', { transportId, producerId })).toEqual({
      ok: false,
      code: 'not-found',
    })
    for (const peer of [a, b]) peer.close()
  })
})

describe('a media worker that dies', () => {
  test('is replaced; its rooms start anew and others do not notice', async () => {
    const two = await Network.open({ workers: 2 })
    const [a, b] = [await two.join(), await two.join()]
    const producerId = await a.produceAudio((await a.transport('send')).transportId)
    const { iceCandidates } = await b.transport('recv')
    const other = await two.join({ claims: { msid: 'session-2' } })
    const otherTransport = await other.transport('send')
    const portOf = ([candidate]: readonly object[]): number => (candidate as IceCandidate).port
    expect(portOf(otherTransport.iceCandidates)).not.toBe(portOf(iceCandidates))

    process.kill(two.workerOf(portOf(iceCandidates)), 'SIGKILL')
    expect(await a.next('media-reset')).toEqual({})
    expect(await b.next('media-reset')).toEqual({})
    expect(two.tcs.workerPort(PEER_ADDRESS, portOf(iceCandidates))).toBeNull()
    expect(await a.ask('pause-producer', { producerId })).toEqual({ ok: false, code: 'not-found' })

    const again = await a.produceAudio((await a.transport('send')).transportId)
    expect(await b.next('producer-added')).toMatchObject({ producerId })
    expect(await b.next('producer-added')).toMatchObject({ producerId: again })
    const { transportId } = await b.transport('recv')
    expect(await b.request('consume', { transportId, producerId: again })).toMatchObject({
      kind: 'audio',
    })
    expect(two.tcs.counters()).toMatchObject({ rooms: 2, peers: 3, producers: 1 })

    expect(other.events).toEqual([])
    expect(await other.produceAudio(otherTransport.transportId)).toBeTruthy()
    await expect.poll(() => two.workerPids()).toHaveLength(3)
    await two.close()
  })

  test('O4 is found out when it hangs, and what was asked of it meanwhile is answered', async () => {
    const one = await Network.open({ workers: 1 })
    const peer = await one.join()
    const { transportId } = await peer.transport('send')
    const [hung] = one.workerPids()
    process.kill(hung!, 'SIGSTOP')
    const asked = peer.ask('restart-ice', { transportId }).catch(() => 'unanswered')
    await peer.next('media-reset')
    expect(await asked).toEqual({ ok: false, code: 'media-unavailable' })
    await peer.transport('send')
    expect(one.log.some((line) => line.includes('media worker hangs'))).toBe(true)
    expect(isAlive(hung!)).toBe(false)
    await one.close()
  })

  test('is waited for when it was the only one', async () => {
    const one = await Network.open({ workers: 1 })
    const peer = await one.join()
    await peer.transport('send')
    process.kill(one.workerPids()[0]!, 'SIGKILL')
    await peer.next('media-reset')
    const { iceCandidates } = await peer.transport('send')
    const [candidate] = iceCandidates as IceCandidate[]
    expect(one.tcs.workerPort(PEER_ADDRESS, candidate!.port)).not.toBeNull()
    await one.close()
  })
})

test('a worker that cannot start stops the TCS from starting', async () => {
  await expect(Network.open({ workerBin: '/nonexistent/mediasoup-worker' })).rejects.toMatchObject({
    code: 'media-unavailable',
  })
})
