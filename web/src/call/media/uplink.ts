/** What this person sends: tracks, each through its encryption transform, to producers at the TCS. */
import type { types } from 'mediasoup-client'
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import { STREAM_INDEX, type Codec, type StreamDescriptor } from '@huisclos/e2ee-worker/protocol'
import { cameraEncodings, cameraOptions, capabilityOf, microphoneOptions } from './encodings.ts'
import { CallError } from '../outcome/errors.ts'
import { MediaTransport, type TransportContext } from './transport.ts'

export type SentSource = 'audio' | 'video'

export interface UplinkOptions extends TransportContext {
  readonly e2ee: E2eeClient
  readonly videoCodec: 'vp8' | 'vp9'
  /** Makes and spreads the keys of a stream; resolves at once when that was done before. */
  readonly publish: (stream: StreamDescriptor) => Promise<void>
}

/** Newer than TypeScript's DOM: WebRTC extensions, `RTCSetParameterOptions`. */
interface KeyFrameSender {
  setParameters(
    parameters: RTCRtpSendParameters,
    options: { readonly encodingOptions: readonly { readonly keyFrame: boolean }[] },
  ): Promise<void>
}

export class Uplink {
  readonly #options: UplinkOptions
  readonly #link: MediaTransport
  readonly #producers = new Map<SentSource, types.Producer>()
  #work: Promise<unknown> = Promise.resolve()

  static async open(options: UplinkOptions): Promise<Uplink> {
    return new Uplink(options, await MediaTransport.open('send', options))
  }

  private constructor(options: UplinkOptions, link: MediaTransport) {
    this.#options = options
    this.#link = link
    link.transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const { source, paused } = appData as { source: SentSource; paused: boolean }
      options
        .ask('produce', { transportId: link.id, kind, source, rtpParameters, paused })
        .then(({ producerId }) => done({ id: producerId }))
        .catch((error: unknown) => failed(error as Error))
    })
  }

  get link(): MediaTransport {
    return this.#link
  }

  get senders(): ReadonlyMap<SentSource, types.Producer> {
    return this.#producers
  }

  /** Sends this track as this source, or stops sending (null, or `on` false). Calls are done in order. */
  send(source: SentSource, track: MediaStreamTrack | null, on: boolean): Promise<void> {
    const next = this.#work.then(() => this.#send(source, track, on))
    this.#work = next.catch(() => undefined)
    return next
  }

  /** Our own encoder is asked for a key frame, because receivers have just got a new key. */
  async wantKeyFrame(streamIdx: number): Promise<void> {
    for (const [source, producer] of this.#producers) {
      if (STREAM_INDEX[source] !== streamIdx || producer.rtpSender === undefined) continue
      const parameters = producer.rtpSender.getParameters()
      const encodingOptions = parameters.encodings.map(() => ({ keyFrame: true }))
      const sender: KeyFrameSender = producer.rtpSender
      // Where it is not supported the receivers ask through RTCP, a moment later.
      await sender.setParameters(parameters, { encodingOptions }).catch(() => undefined)
    }
  }

  /** Sends fewer layers from a machine that cannot keep up. */
  async limitLayers(spatial: number): Promise<void> {
    const producer = this.#producers.get('video')
    if (producer !== undefined && producer.rtpParameters.encodings?.length === 3)
      await producer.setMaxSpatialLayer(spatial)
  }

  /** Stops all sending at once, then tells the TCS, where one source may have one producer only. */
  close(): void {
    for (const { id } of this.#producers.values())
      this.#options.ask('close-producer', { producerId: id }).catch(() => undefined)
    this.#producers.clear()
    this.#link.close()
  }

  async #send(source: SentSource, track: MediaStreamTrack | null, on: boolean): Promise<void> {
    if (this.#link.transport.closed) return
    const producer = this.#producers.get(source)
    if (track === null || track.readyState === 'ended') {
      if (producer !== undefined) await this.#pause(producer, null)
    } else if (producer === undefined) {
      await this.#produce(source, track, on)
    } else if (on) {
      await producer.replaceTrack({ track })
      if (producer.paused) {
        producer.resume()
        await this.#options.ask('resume-producer', { producerId: producer.id })
      }
    } else {
      await this.#pause(producer, track)
    }
  }

  async #pause(producer: types.Producer, track: MediaStreamTrack | null): Promise<void> {
    const wasPaused = producer.paused
    producer.pause()
    await producer.replaceTrack({ track })
    if (!wasPaused) await this.#options.ask('pause-producer', { producerId: producer.id })
  }

  async #produce(source: SentSource, track: MediaStreamTrack, on: boolean): Promise<void> {
    const { e2ee, device, videoCodec, publish } = this.#options
    const codec: Codec = source === 'audio' ? 'opus' : videoCodec
    const capability = capabilityOf(codec, device.sendRtpCapabilities)
    if (capability === undefined) throw new CallError('codec-missing')
    const streamIdx = STREAM_INDEX[source]
    // The keys exist and are spread before the first frame.
    await publish({ idx: streamIdx, kind: source, codec })
    const transform = { attached: false }
    const producer = await this.#link.transport.produce({
      track,
      codec: capability,
      stopTracks: false,
      // The track's `enabled` belongs to the device: the same track also feeds the preview and the gauge.
      disableTrackOnPause: false,
      ...(source === 'audio'
        ? { codecOptions: microphoneOptions }
        : {
            codecOptions: cameraOptions,
            encodings: cameraEncodings(codec as 'vp8' | 'vp9', device.handlerName),
          }),
      onRtpSender: (sender) => {
        sender.transform = e2ee.encryptTransform({ streamIdx, kind: source, codec })
        transform.attached = true
      },
      appData: { source, paused: !on },
    })
    if (!transform.attached) {
      producer.close()
      throw new CallError('cannot-encrypt')
    }
    if (!on) producer.pause()
    this.#producers.set(source, producer)
  }
}
