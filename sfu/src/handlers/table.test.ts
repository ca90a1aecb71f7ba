/** Requests for things that are not one's own, and descriptions that are garbage (checklist W10, W11). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { opus } from '../../test/fake-peer.ts'
import { Network } from '../../test/network.ts'

let network: Network

beforeAll(async () => {
  network = await Network.open()
})
afterAll(() => network.close())

describe("W10 other peers' things", () => {
  test('cannot be touched', async () => {
    const [a, b] = [await network.join(), await network.join()]
    const { transportId } = await a.transport('send')
    const producerId = await a.produceAudio(transportId)
    const recv = (await a.transport('recv')).transportId
    const other = (await b.transport('send')).transportId
    const otherProducer = await b.produceAudio(other)
    const { consumerId } = await a.request('consume', {
      transportId: recv,
      producerId: otherProducer,
    })
    const dtlsParameters = {
      fingerprints: [{ algorithm: 'sha-256', value: Array(32).fill('00').join(':') }],
    }
    const tries: [string, object][] = [
      ['connect-transport', { transportId, dtlsParameters }],
      ['restart-ice', { transportId }],
      ['consume', { transportId: recv, producerId }],
      ...['pause-producer', 'resume-producer', 'close-producer'].map((type): [string, object] => [
        type,
        { producerId },
      ]),
      ...['pause-consumer', 'resume-consumer', 'close-consumer', 'request-key-frame'].map(
        (type): [string, object] => [type, { consumerId }],
      ),
      ['prefer-layers', { consumerId, spatial: 0, temporal: 0 }],
      [
        'produce',
        {
          transportId,
          kind: 'audio',
          source: 'screen-audio',
          rtpParameters: opus(3),
          paused: false,
        },
      ],
    ]
    for (const [type, request] of tries) {
      expect(await b.ask(type, request), type).toEqual({ ok: false, code: 'not-found' })
    }
    expect(await a.ask('resume-consumer', { consumerId })).toEqual({ ok: true, data: {} })
    for (const peer of [a, b]) peer.close()
  })

  test('a producer of another room cannot be consumed', async () => {
    const a = await network.join()
    const b = await network.join({ claims: { msid: 'session-2' } })
    const producerId = await a.produceAudio((await a.transport('send')).transportId)
    const { transportId } = await b.transport('recv')
    expect(await b.ask('consume', { transportId, producerId })).toEqual({
      ok: false,
      code: 'not-found',
    })
    for (const peer of [a, b]) peer.close()
  })
})

describe('W11 garbage for mediasoup', () => {
  const good = opus(5) as Record<string, unknown>
  const codec = (good['codecs'] as Record<string, unknown>[])[0]
  test.each([
    ['no codecs', { ...good, codecs: [] }],
    [
      'a codec that the router has not',
      { ...good, codecs: [{ ...codec, mimeType: 'audio/PCMU' }] },
    ],
    ['a clock rate below zero', { ...good, codecs: [{ ...codec, clockRate: -1 }] }],
    ['a payload type out of range', { ...good, codecs: [{ ...codec, payloadType: 1e9 }] }],
    ['a bit rate that is no whole number', { ...good, encodings: [{ ssrc: 5, maxBitrate: 0.5 }] }],
    ['a stream id that is a number', { ...good, encodings: [{ rid: 7 }] }],
    ['SSRC 0', { ...good, encodings: [{ ssrc: 0 }] }],
    [
      'too many encodings',
      { ...good, encodings: Array.from({ length: 9 }, (_, at) => ({ ssrc: at + 1 })) },
    ],
    ['an unknown header extension', { ...good, headerExtensions: [{ uri: 'urn:x', id: 1 }] }],
    [
      'a forbidden parameter name',
      { ...good, codecs: [{ ...codec, parameters: { constructor: 1 } }] },
    ],
    ['two codecs of one payload type', { ...good, codecs: [codec, codec] }],
  ])('%s is refused, and the worker goes on', async (_name, rtpParameters) => {
    const peer = await network.join({ claims: { msid: 'session-garbage' } })
    const { transportId } = await peer.transport('send')
    const request = { transportId, kind: 'audio', source: 'audio', rtpParameters, paused: false }
    expect(await peer.ask('produce', request)).toEqual({ ok: false, code: 'bad-request' })
    expect(await peer.produceAudio(transportId)).toMatch(/^[0-9a-f-]{36}$/)
    peer.close()
  })

  test.each([
    ['no fingerprint', { fingerprints: [] }],
    ['a short fingerprint', { fingerprints: [{ algorithm: 'sha-256', value: '00' }] }],
    ['SHA-1', { fingerprints: [{ algorithm: 'sha-1', value: Array(20).fill('00').join(':') }] }],
    ['an unknown role', { role: 'boss', fingerprints: [] }],
  ])('DTLS parameters with %s are refused', async (_name, dtlsParameters) => {
    const peer = await network.join({ claims: { msid: 'session-garbage' } })
    const { transportId } = await peer.transport('send')
    expect(await peer.ask('connect-transport', { transportId, dtlsParameters })).toEqual({
      ok: false,
      code: 'bad-request',
    })
    peer.close()
  })
})
