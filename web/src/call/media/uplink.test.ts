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
/** `scaleResolutionDownBy` of each layer, as it was produced. */
let scales: readonly (number | undefined)[] | undefined
let outgoing: MediaStreamTrack | null
/** Happen while the producer is being made, while keys are being spread, while a track takes the place of another. */
let whileMade: () => void
let whileSpread: () => void
let whileReplaced: () => void

const track = camera(720)
const capabilities = {
  codecs: [
    { kind: 'audio', mimeType: 'audio/opus' },
    { kind: 'video', mimeType: 'video/VP8' },
  ],
} as types.RtpCapabilities

interface KeyFrameOptions {
  readonly encodingOptions: object[]
}

/** An open camera of 16:9. */
function camera(height: number): MediaStreamTrack {
  const getSettings = () => ({ width: (height * 16) / 9, height })
  return { readyState: 'live', getSettings } as MediaStreamTrack
}

function scaled(...scales: readonly number[]): string {
  return `parameters ${JSON.stringify(scales.map((scale) => ({ scaleResolutionDownBy: scale })))}`
}

class FakeProducer {
  readonly id: string
  readonly rtpParameters = { encodings: [{}, {}, {}] }
  paused = false
  track: MediaStreamTrack | null
  constructor(id: string, track: MediaStreamTrack | null) {
    this.id = id
    this.track = track
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
  setMaxSpatialLayer(layer: number): Promise<void> {
    log.push(`layers up to ${layer}`)
    return Promise.resolve()
  }
  readonly rtpSender = {
    getParameters: () => ({ encodings: [{}, {}, {}] }),
    setParameters: ({ encodings }: { encodings: object[] }, options?: KeyFrameOptions) => {
      log.push(`parameters ${JSON.stringify(options?.encodingOptions ?? encodings)}`)
      return Promise.resolve()
    },
  }
  replaceTrack({ track: next }: { track: MediaStreamTrack | null }): Promise<void> {
    log.push(next === null ? 'no track' : 'track')
    this.track = next
    return Promise.resolve().then(whileReplaced)
  }
}

function fakeDevice(): types.Device {
  const transport = {
    id: 'send',
    closed: false,
    on: () => undefined,
    close: () => log.push('transport closed'),
    produce: ({ track: own, onRtpSender, appData, encodings }: types.ProducerOptions) => {
      if (browserCallsBack) onRtpSender?.({} as RTCRtpSender)
      const { source } = appData?.['asked'] as { source: string }
      scales = encodings?.map(({ scaleResolutionDownBy: scale }) => scale)
      log.push(`produce ${source}`)
      return Promise.resolve()
        .then(whileMade)
        .then(() => new FakeProducer(source, own ?? null))
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

/** What the device says, and then the word that it changed. */
function send(link: Uplink, source: 'audio' | 'video', what: MediaStreamTrack | null) {
  outgoing = what
  return link.refresh(source)
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
    relay: () => ({ urls: [], username: '', credential: '', expiresAtMs: 0 }),
    onConnected: () => undefined,
    onDead: () => undefined,
    e2ee: { encryptTransform } as unknown as E2eeClient,
    videoCodec,
    outgoing: () => outgoing,
    publish: ({ idx }) => {
      log.push(`keys of ${idx}`)
      return Promise.resolve().then(whileSpread)
    },
  })
}

beforeEach(() => {
  log = []
  browserCallsBack = true
  outgoing = null
  whileMade = () => undefined
  whileSpread = () => undefined
  whileReplaced = () => undefined
})

describe('sending', () => {
  it('asks for a connection that sends nothing without a transform', async () => {
    await uplink()
    expect(log).toEqual([
      'create-transport',
      'check',
      '{"encodedInsertableStreams":true,"iceCandidatePoolSize":1}',
    ])
  })

  it('spreads the keys, then attaches the transform, then sends', async () => {
    const link = await uplink()
    log = []
    await send(link, 'video', track)
    expect(log).toEqual(['keys of 1', 'transform 1 vp8', 'produce video'])
    expect(link.senders.size).toBe(1)
  })

  it('sends nothing when the transform could not be attached', async () => {
    browserCallsBack = false
    const link = await uplink()
    await expect(send(link, 'audio', track)).rejects.toMatchObject({ code: 'cannot-encrypt' })
    expect(log).toContain('close audio')
    expect(link.senders.size).toBe(0)
  })

  it('sends nothing in a codec the worker was not told', async () => {
    const link = await uplink('vp9')
    log = []
    await expect(send(link, 'video', track)).rejects.toMatchObject({ code: 'codec-missing' })
    expect(log).toEqual([])
  })

  it('pauses at the TCS and here when muted, and takes the track away with the camera', async () => {
    const link = await uplink()
    await send(link, 'video', track)
    log = []
    await send(link, 'video', null)
    await send(link, 'video', null)
    await send(link, 'video', track)
    expect(log).toEqual([
      ...['pause video', 'no track', 'pause-producer'],
      ...['track', 'resume video', 'resume-producer'],
    ])
  })

  it('stops at once and tells the TCS, so that the next set-up may send the same source', async () => {
    const link = await uplink()
    await send(link, 'audio', track)
    log = []
    link.close()
    expect(log).toEqual(['close-producer', 'transport closed'])
  })

  it('D5 D6 a camera that is turned off while it is being made ends without a track, and paused', async () => {
    const link = await uplink()
    log = []
    whileMade = () => void send(link, 'video', null)
    await send(link, 'video', track)
    expect(log.slice(-3)).toEqual(['pause video', 'no track', 'pause-producer'])
  })

  it('D5 a microphone that is turned off while its track is put in place is not resumed for a moment', async () => {
    const link = await uplink()
    await send(link, 'audio', track)
    await send(link, 'audio', null)
    log = []
    whileReplaced = () => {
      whileReplaced = () => undefined
      void send(link, 'audio', null)
    }
    await send(link, 'audio', track)
    expect(log).toEqual(['track', 'no track'])
  })

  it('D5 D6 a microphone that is turned off while its keys are spread is never sent', async () => {
    const link = await uplink()
    log = []
    whileSpread = () => void send(link, 'audio', null)
    await send(link, 'audio', track)
    expect(log).toEqual(['keys of 0'])
    expect(link.senders.size).toBe(0)
  })

  it('D6 another camera that is chosen while the first is being made is the one that is sent', async () => {
    const link = await uplink()
    const other = camera(720)
    whileMade = () => void send(link, 'video', other)
    await send(link, 'video', track)
    expect(link.senders.get('video')?.track).toBe(other)
  })

  it('D6 a key frame that is wanted while the camera is being made is asked for afterwards', async () => {
    const link = await uplink()
    whileMade = () => void link.wantKeyFrame(1)
    await send(link, 'video', track)
    const each = '{"keyFrame":true}'
    expect(log).toContain(`parameters [${each},${each},${each}]`)
  })

  it.each([
    [720, [4, 2, 1], []],
    [360, [2, 1, 1], ['layers up to 1']],
    [180, [1, 1, 1], ['layers up to 0']],
  ])('P1 a camera of %i lines sends the layers it is worth', async (height, made, limited) => {
    const link = await uplink()
    await send(link, 'video', camera(height))
    expect(scales).toEqual(made)
    expect(log.filter((line) => line.startsWith('layers'))).toEqual(limited)
  })

  it('P1 another camera sends the layers that it is worth, up to what this machine copes with', async () => {
    const link = await uplink()
    await send(link, 'video', camera(720))
    log = []
    await send(link, 'video', camera(180))
    expect(log).toEqual(['track', scaled(1, 1, 1), 'layers up to 0'])
    await link.limitLayers(1)
    log = []
    await send(link, 'video', camera(720))
    expect(log).toEqual(['track', scaled(4, 2, 1), 'layers up to 1'])
    await link.limitLayers(2)
    expect(log.at(-1)).toBe('layers up to 2')
  })

  it('D6 a limit that was set before the camera was turned on holds for it', async () => {
    const link = await uplink()
    await link.limitLayers(1)
    await send(link, 'video', track)
    expect(log).toContain('layers up to 1')
  })

  it('D6 what is made after the end of the set-up is ended at the TCS, so that the next one may send', async () => {
    const link = await uplink()
    whileMade = () => link.close()
    await send(link, 'audio', track)
    expect(log.at(-1)).toBe('close-producer')
    expect(link.senders.size).toBe(0)
  })
})
