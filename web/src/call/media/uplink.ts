/** What this person sends: tracks, each through its encryption transform, to producers at the TCS. */
import type { types } from 'mediasoup-client'
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import { STREAM_INDEX, type Codec, type StreamDescriptor } from '@huisclos/e2ee-worker/protocol'
import { capabilityOf, encodingOf } from './encodings.ts'
import { CallError } from '../outcome/errors.ts'
import { SentStream, type Produced } from './sent-stream.ts'
import { MediaTransport, type TransportContext } from './transport.ts'

export type SentSource = 'audio' | 'video'

export interface UplinkOptions extends TransportContext {
  readonly e2ee: E2eeClient
  readonly videoCodec: 'vp8' | 'vp9'
  /** Makes and spreads the keys of a stream; resolves at once when that was done before. */
  readonly publish: (stream: StreamDescriptor) => Promise<void>
  /** What may be sent as this source now: the open device that the person wants on, or null. */
  readonly outgoing: (source: SentSource) => MediaStreamTrack | null
}

export class Uplink {
  readonly #options: UplinkOptions
  readonly #link: MediaTransport
  readonly #streams: ReadonlyMap<SentSource, SentStream>
  #cap = 2

  static async open(options: UplinkOptions): Promise<Uplink> {
    return new Uplink(options, await MediaTransport.open('send', options))
  }

  private constructor(options: UplinkOptions, link: MediaTransport) {
    this.#options = options
    this.#link = link
    this.#streams = new Map(SOURCES.map((source) => [source, this.#stream(source)]))
    link.transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const { asked } = appData as { asked: Asked }
      // Read now: it may have been switched off since it was begun.
      asked.paused = !asked.wanted()
      const { source, paused } = asked
      options
        .ask('produce', { transportId: link.id, kind, source, rtpParameters, paused })
        .then(({ producerId }) => this.#produced(producerId, done))
        .catch((error: unknown) => failed(error as Error))
    })
  }

  get link(): MediaTransport {
    return this.#link
  }

  get senders(): ReadonlyMap<SentSource, types.Producer> {
    const senders = new Map<SentSource, types.Producer>()
    for (const [source, { producer }] of this.#streams)
      if (producer !== null) senders.set(source, producer)
    return senders
  }

  /** Brings what is sent as this source to what is wanted now. */
  async refresh(source: SentSource): Promise<void> {
    if (!this.#link.transport.closed) await this.#streams.get(source)?.refresh()
  }

  /** Our own encoder is asked for a key frame, because receivers have just got a new key. */
  async wantKeyFrame(streamIdx: number): Promise<void> {
    for (const [source, stream] of this.#streams)
      if (STREAM_INDEX[source] === streamIdx) await stream.wantKeyFrame()
  }

  /** Sends fewer layers from a machine that cannot keep up. */
  async limitLayers(cap: number): Promise<void> {
    this.#cap = cap
    await this.#streams.get('video')?.limitLayers()
  }

  /** Stops all sending at once, then tells the TCS. */
  close(): void {
    for (const stream of this.#streams.values()) stream.close()
    this.#link.close()
  }

  #stream(source: SentSource): SentStream {
    return new SentStream({
      ask: this.#options.ask,
      forget: (producerId) => this.#forget(producerId),
      outgoing: () => this.#options.outgoing(source),
      cap: () => this.#cap,
      produce: (track, wanted) => this.#produce(source, track, wanted),
    })
  }

  /** The TCS has made a producer; when this was closed meanwhile nobody else would end it. */
  #produced(producerId: string, done: (made: { id: string }) => void): void {
    if (this.#link.transport.closed) this.#forget(producerId)
    done({ id: producerId })
  }

  #forget(producerId: string): void {
    this.#options.ask('close-producer', { producerId }).catch(() => undefined)
  }

  async #produce(
    source: SentSource,
    track: MediaStreamTrack,
    wanted: () => boolean,
  ): Promise<Produced | null> {
    const { e2ee, device, videoCodec, publish } = this.#options
    const codec: Codec = source === 'audio' ? 'opus' : videoCodec
    const capability = capabilityOf(codec, device.sendRtpCapabilities)
    if (capability === undefined) throw new CallError('codec-missing')
    const streamIdx = STREAM_INDEX[source]
    // The keys exist and are spread before the first frame.
    await publish({ idx: streamIdx, kind: source, codec })
    if (!wanted()) return null
    const transform = { attached: false }
    const asked: Asked = { source, paused: false, wanted }
    const producer = await this.#link.transport.produce({
      track,
      codec: capability,
      stopTracks: false,
      // Tracks belong to the device: the same track also feeds the preview and the gauge.
      disableTrackOnPause: false,
      ...encodingOf(codec, device.handlerName, track.getSettings()),
      onRtpSender: (sender) => {
        sender.transform = e2ee.encryptTransform({ streamIdx, kind: source, codec })
        transform.attached = true
      },
      appData: { asked },
    })
    if (!transform.attached) {
      producer.close()
      this.#forget(producer.id)
      throw new CallError('cannot-encrypt')
    }
    return { producer, paused: asked.paused }
  }
}

const SOURCES = ['audio', 'video'] as const

/** What is asked of the TCS with a producer, handed through mediasoup-client. */
interface Asked {
  readonly source: SentSource
  readonly wanted: () => boolean
  paused: boolean
}
