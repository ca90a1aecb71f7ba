import { beforeEach, describe, expect, it } from 'vitest'
import type { types } from 'mediasoup-client'
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { Ask } from '../signalling/signal.ts'
import { Uplink } from './uplink.ts'

/** As much of a transport at the TCS as is read here. */
const created = {
  transportId: 'send',
  dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }] },
  signature: new Uint8Array(64),
}

/** The order of everything that matters. */
let log: string[]
let browserCallsBack: boolean

const track = { readyState: 'live' } as MediaStreamTrack
const capabilities = {
  codecs: [
    { kind: 'audio', mimeType: 'audio/opus' },
    { kind: 'video', mimeType: 'video/VP8' },
  ],
} as types.RtpCapabilities

class FakeProducer {
  readonly id: string
  readonly rtpParameters = { encodings: [{}, {}, {}] }
  paused = false
  constructor(id: string) {
    this.id = id
  }
  pause(): void {
    this.paused = true
    log.push(`pause ${this.id}`)
  }
  resume(): void {
    this.paused = false
    log.push(`resume ${this.id}`)
  }
  close(): void {
    log.push(`close ${this.id}`)
  }
  replaceTrack({ track: next }: { track: MediaStreamTrack | null }): Promise<void> {
    log.push(next === null ? 'no track' : 'track')
    return Promise.resolve()
  }
}

function fakeDevice(): types.Device {
  const transport = {
    id: 'send',
    closed: false,
    on: () => undefined,
    close: () => log.push('transport closed'),
    produce: ({ onRtpSender, appData }: types.ProducerOptions) => {
      if (browserCallsBack) onRtpSender?.({} as RTCRtpSender)
      log.push(`produce ${String(appData?.['source'])}`)
      return Promise.resolve(new FakeProducer(String(appData?.['source'])))
    },
  }
  const createSendTransport = (options: types.TransportOptions) => {
    log.push(JSON.stringify(options.additionalSettings))
    return transport
  }
  return {
    sendRtpCapabilities: capabilities,
    handlerName: 'Chrome111',
    createSendTransport,
  } as unknown as types.Device
}

async function uplink(videoCodec: 'vp8' | 'vp9' = 'vp8'): Promise<Uplink> {
  const ask = (type: string): Promise<unknown> => {
    log.push(type)
    return Promise.resolve(created)
  }
  const encryptTransform = ({ streamIdx, codec }: { streamIdx: number; codec: string }) => {
    log.push(`transform ${streamIdx} ${codec}`)
    return {}
  }
  return Uplink.open({
    ask: ask as Ask,
    check: () => Promise.resolve(log.push('check')),
    device: fakeDevice(),
    iceTransportPolicy: 'relay',
    relay: { urls: [], username: '', credential: '', expiresAtMs: 0 },
    onDead: () => undefined,
    e2ee: { encryptTransform } as unknown as E2eeClient,
    videoCodec,
    publish: ({ idx }) => {
      log.push(`keys of ${idx}`)
      return Promise.resolve()
    },
  })
}

beforeEach(() => {
  log = []
  browserCallsBack = true
})

describe('sending', () => {
  it('asks for a connection that sends nothing without a transform', async () => {
    await uplink()
    expect(log).toEqual(['create-transport', 'check', '{"encodedInsertableStreams":true}'])
  })

  it('spreads the keys, then attaches the transform, then sends', async () => {
    const link = await uplink()
    log = []
    await link.send('video', track, true)
    expect(log).toEqual(['keys of 1', 'transform 1 vp8', 'produce video'])
    expect(link.senders.size).toBe(1)
  })

  it('sends nothing when the transform could not be attached', async () => {
    browserCallsBack = false
    const link = await uplink()
    await expect(link.send('audio', track, true)).rejects.toMatchObject({ code: 'cannot-encrypt' })
    expect(log).toContain('close audio')
    expect(link.senders.size).toBe(0)
  })

  it('sends nothing in a codec the worker was not told', async () => {
    const link = await uplink('vp9')
    log = []
    await expect(link.send('video', track, true)).rejects.toMatchObject({ code: 'codec-missing' })
    expect(log).toEqual([])
  })

  it('pauses at the TCS and here when muted, and takes the track away with the camera', async () => {
    const link = await uplink()
    await link.send('video', track, true)
    log = []
    await link.send('video', null, false)
    await link.send('video', null, false)
    await link.send('video', track, true)
    expect(log).toEqual([
      ...['pause video', 'no track', 'pause-producer'],
      ...['pause video', 'no track'],
      ...['track', 'resume video', 'resume-producer'],
    ])
  })

  it('begins paused what is off already', async () => {
    const link = await uplink()
    await link.send('audio', track, false)
    expect(log.slice(-2)).toEqual(['produce audio', 'pause audio'])
  })

  it('stops at once and tells the TCS, so that the next set-up may send the same source', async () => {
    const link = await uplink()
    await link.send('audio', track, true)
    log = []
    link.close()
    expect(log).toEqual(['close-producer', 'transport closed'])
  })
})
