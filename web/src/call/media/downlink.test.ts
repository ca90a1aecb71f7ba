import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { types } from 'mediasoup-client'
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { PeerId, ProducerInfo } from '@huisclos/sfu/protocol'
import { Downlink } from './downlink.ts'
import { CallError } from '../outcome/errors.ts'
import type { Ask } from '../signalling/signal.ts'

const producer = (kind: 'audio' | 'video'): ProducerInfo => ({
  producerId: `producer ${kind}`,
  peerId: 'a1' as PeerId,
  kind,
  source: kind,
  paused: false,
})

/** As much of a transport at the TCS as is read here. */
const created = {
  transportId: 'recv',
  dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }] },
  signature: new Uint8Array(64),
}

/** The order of everything that matters: requests, transforms, closings. */
let log: string[]
let browserCallsBack: boolean
/** What Media knows of the producers, by id. */
let known: Map<string, ProducerInfo>

function fakeDevice(): types.Device {
  const transport = {
    id: 'recv',
    closed: false,
    on: () => undefined,
    close: () => undefined,
    consume: (options: types.ConsumerOptions) => {
      if (browserCallsBack) options.onRtpReceiver?.({} as RTCRtpReceiver)
      const consumer = { id: options.id, kind: options.kind, track: {}, closed: false }
      return Promise.resolve({ ...consumer, close: () => log.push(`closed ${options.id}`) })
    },
  }
  return { createRecvTransport: () => transport } as unknown as types.Device
}

/** Answers of the TCS to `consume` wait for this. */
let answered: Promise<void>

async function downlink(refuse?: string) {
  const ask = (
    type: string,
    request: Record<string, string | number | undefined>,
  ): Promise<unknown> => {
    const what = [type, request['consumerId'], request['spatial']].filter(
      (part) => part !== undefined,
    )
    log.push(what.join(' '))
    if (type === refuse) return Promise.reject(new CallError('not-found'))
    const kind = request['producerId'] === 'producer audio' ? 'audio' : 'video'
    const layers = kind === 'audio' ? null : { spatial: 2, temporal: 2 }
    const info = {
      consumerId: kind,
      producerId: request['producerId'],
      kind,
      layers,
      producerPaused: false,
    }
    return type === 'consume' ? answered.then(() => info) : Promise.resolve(created)
  }
  const e2ee = {
    decryptTransform: (options: { consumerId: string; owner: string; kind: string }) => {
      log.push(`transform ${options.consumerId} of ${options.owner} as ${options.kind}`)
      return {}
    },
    notice: ({ type }: { type: string }) => log.push(type),
  }
  const onAdded = vi.fn()
  const link = await Downlink.open({
    ask: ask as Ask,
    check: () => Promise.resolve(log.push('check')),
    device: fakeDevice(),
    iceTransportPolicy: 'relay',
    relay: () => ({ urls: [], username: '', credential: '', expiresAtMs: 0 }),
    onConnected: () => undefined,
    onDead: () => undefined,
    newest: (producerId) => known.get(producerId),
    e2ee: e2ee as unknown as E2eeClient,
    onAdded,
    onRemoved: () => undefined,
  })
  log = []
  return { link, onAdded }
}

beforeEach(() => {
  log = []
  answered = Promise.resolve()
  known = new Map()
  for (const kind of ['audio', 'video'] as const) known.set(`producer ${kind}`, producer(kind))
  browserCallsBack = true
})

describe('receiving', () => {
  it('lets sound flow only after its transform is in place', async () => {
    const { link, onAdded } = await downlink()
    await link.add(producer('audio'))
    expect(log).toEqual(['consume', 'transform audio of a1 as audio', 'resume-consumer audio'])
    expect(onAdded).toHaveBeenCalledTimes(1)
  })

  it('closes what could not be given a transform, and never lets it flow', async () => {
    browserCallsBack = false
    const { link, onAdded } = await downlink()
    await expect(link.add(producer('video'))).rejects.toMatchObject({ code: 'cannot-encrypt' })
    link.show('video', 720)
    expect(log).toEqual(['consume', 'closed video', 'detached', 'close-consumer video'])
    expect(onAdded).not.toHaveBeenCalled()
  })

  it('takes no notice of a producer that is gone before it is received', async () => {
    const { link, onAdded } = await downlink('consume')
    await link.add(producer('video'))
    expect(onAdded).not.toHaveBeenCalled()
  })

  it('fetches pictures when their tile is visible, in a layer that suits it, and stops when it is not', async () => {
    const { link } = await downlink()
    await link.add(producer('video'))
    expect(log).not.toContain('resume-consumer video')
    log = []
    link.show('video', 360)
    link.show('video', 370)
    link.show('video', 900)
    link.show('video', 0)
    expect(log).toEqual([
      'prefer-layers video 1',
      'resume-consumer video',
      'prefer-layers video 2',
      'pause-consumer video',
    ])
  })

  it('fetches no pictures for a page nobody sees, but goes on with the sound', async () => {
    const { link } = await downlink()
    await link.add(producer('audio'))
    await link.add(producer('video'))
    link.show('video', 360)
    log = []
    link.pageVisible(false)
    link.pageVisible(true)
    expect(log).toEqual(['pause-consumer video', 'resume-consumer video'])
  })

  it('receives lower layers on a machine that cannot keep up', async () => {
    const { link } = await downlink()
    await link.add(producer('video'))
    link.show('video', 900)
    log = []
    link.limitLayers(0)
    expect(log).toEqual(['prefer-layers video 0'])
  })

  it('receives a producer once, however often it is announced', async () => {
    const { link, onAdded } = await downlink()
    await Promise.all([link.add(producer('audio')), link.add(producer('audio'))])
    expect(onAdded).toHaveBeenCalledTimes(1)
  })

  it('forgets a producer that ends while it is being received', async () => {
    const { link, onAdded } = await downlink()
    const adding = link.add(producer('audio'))
    link.remove('producer audio')
    await adding
    expect(onAdded).not.toHaveBeenCalled()
    expect(log).toContain('close-consumer audio')
    expect(log).not.toContain('resume-consumer audio')
  })

  it.each([true, false])(
    'D6 a producer that becomes paused (%s) while it is being received is shown as it is now',
    async (paused) => {
      const { link, onAdded } = await downlink()
      known.set('producer video', { ...producer('video'), paused: !paused })
      answered = Promise.resolve().then(() => {
        known.set('producer video', { ...producer('video'), paused })
      })
      await link.add(producer('video'))
      expect(onAdded).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ paused }))
    },
  )

  it('D6 a producer that is announced anew while it is being received is taken once', async () => {
    const { link, onAdded } = await downlink()
    const gate = Promise.withResolvers<undefined>()
    answered = gate.promise
    known.set('producer video', { ...producer('video'), source: 'screen' })
    const first = link.add(producer('video'))
    link.remove('producer video')
    known.set('producer video', producer('video'))
    const second = link.add(producer('video'))
    gate.resolve(undefined)
    await Promise.all([first, second])
    expect(onAdded).toHaveBeenCalledTimes(1)
    expect(log.filter((line) => line.startsWith('closed'))).toEqual(['closed video'])
  })

  it('D6 a producer that ends before its transform is made gets none', async () => {
    const { link, onAdded } = await downlink()
    answered = Promise.resolve().then(() => void known.delete('producer video'))
    await link.add(producer('video'))
    expect(onAdded).not.toHaveBeenCalled()
    expect(log).toEqual(['consume', 'close-consumer video'])
  })

  it('D6 a page that is hidden while a picture is being received fetches none', async () => {
    const { link } = await downlink()
    const adding = link.add(producer('video'))
    link.pageVisible(false)
    await adding
    link.show('video', 360)
    expect(log).not.toContain('resume-consumer video')
  })
})
