/** What the others send: consumers at the TCS, each through its decryption transform, to tracks. */
import type { types } from 'mediasoup-client'
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { ConsumerInfo, ProducerInfo } from '@huisclos/sfu/protocol'
import { CallError } from '../outcome/errors.ts'
import { layersFor, type Layers } from './layers.ts'
import type { RemoteStream } from '../people/peer-view.ts'
import { MediaTransport, type TransportContext } from './transport.ts'

export interface DownlinkOptions extends TransportContext {
  readonly e2ee: E2eeClient
  readonly onAdded: (stream: RemoteStream) => void
  readonly onRemoved: (consumerId: string) => void
}

interface Received {
  readonly producerId: string
  readonly info: ConsumerInfo
  readonly consumer: types.Consumer
  /** What the TCS was last told. */
  flowing: boolean
  layers: Layers | null
  /** Height of the tile in device pixels, 0 while it is not visible. */
  lines: number
}

export class Downlink {
  readonly #options: DownlinkOptions
  readonly #link: MediaTransport
  /** By producer: a producer is wanted from here on, even while its consumer is still being made. */
  readonly #wanted = new Map<string, ProducerInfo>()
  readonly #received = new Map<string, Received>()
  #cap = 2
  #pageVisible = true

  static async open(options: DownlinkOptions): Promise<Downlink> {
    return new Downlink(options, await MediaTransport.open('recv', options))
  }

  private constructor(options: DownlinkOptions, link: MediaTransport) {
    this.#options = options
    this.#link = link
  }

  get link(): MediaTransport {
    return this.#link
  }

  get consumers(): readonly types.Consumer[] {
    return [...this.#received.values()].map(({ consumer }) => consumer)
  }

  async add(producer: ProducerInfo): Promise<void> {
    if (this.#wanted.has(producer.producerId)) return
    this.#wanted.set(producer.producerId, producer)
    try {
      await this.#consume(producer)
    } catch (error) {
      this.#wanted.delete(producer.producerId)
      // A producer that went away meanwhile is no fault.
      if (!(error instanceof CallError && error.code === 'not-found')) throw error
    }
  }

  remove(producerId: string): void {
    this.#wanted.delete(producerId)
    const received = this.#received.get(producerId)
    if (received === undefined) return
    this.#received.delete(producerId)
    received.consumer.close()
    this.#gone(received.consumer.id)
  }

  /** @returns the consumer of this producer, so that its tile can be told. */
  consumerOf(producerId: string): string | null {
    return this.#received.get(producerId)?.consumer.id ?? null
  }

  /** Called when a tile appears, disappears or changes size. @param lines device pixels, 0 when not visible */
  show(consumerId: string, lines: number): void {
    const received = this.#find(consumerId)
    if (received === undefined || received.lines === lines) return
    received.lines = lines
    this.#adjust(received)
  }

  /** Pictures are not sent to a page nobody sees. */
  pageVisible(visible: boolean): void {
    this.#pageVisible = visible
    for (const received of this.#received.values()) this.#adjust(received)
  }

  /** Receives no better layer than this machine copes with. */
  limitLayers(cap: number): void {
    this.#cap = cap
    for (const received of this.#received.values()) this.#adjust(received)
  }

  close(): void {
    this.#link.close()
    for (const { consumer } of this.#received.values()) this.#gone(consumer.id)
    this.#received.clear()
    this.#wanted.clear()
  }

  async #consume(producer: ProducerInfo): Promise<void> {
    const { ask, e2ee, onAdded } = this.#options
    const info = await ask('consume', {
      transportId: this.#link.id,
      producerId: producer.producerId,
    })
    const transform = { attached: false }
    const consumer = await this.#link.transport.consume({
      id: info.consumerId,
      producerId: info.producerId,
      kind: info.kind,
      rtpParameters: info.rtpParameters as types.RtpParameters,
      // One stream per person, so that lips and voice stay together.
      streamId: producer.peerId,
      onRtpReceiver: (receiver) => {
        const { consumerId } = info
        const options = { consumerId, owner: producer.peerId, kind: producer.source } as const
        receiver.transform = e2ee.decryptTransform(options)
        transform.attached = true
      },
    })
    if (!transform.attached || !this.#wanted.has(producer.producerId)) {
      consumer.close()
      this.#gone(consumer.id)
      await ask('close-consumer', { consumerId: info.consumerId }).catch(() => undefined)
      if (!transform.attached) throw new CallError('cannot-encrypt')
      return
    }
    const lines = info.kind === 'audio' ? 1 : 0
    const received = {
      producerId: info.producerId,
      info,
      consumer,
      flowing: false,
      layers: null,
      lines,
    }
    this.#received.set(info.producerId, received)
    const { peerId, source } = producer
    const paused = info.producerPaused
    onAdded({
      consumerId: consumer.id,
      producerId: info.producerId,
      peerId,
      source,
      track: consumer.track,
      paused,
    })
    // Only now may anything flow: the transform is in place. Pictures wait until their tile says that it is visible.
    this.#adjust(received)
  }

  #adjust(received: Received): void {
    const { ask } = this.#options
    const { consumer, info } = received
    if (consumer.closed) return
    const audio = info.kind === 'audio'
    const flowing = audio || (received.lines > 0 && this.#pageVisible)
    const ignore = (): undefined => undefined
    if (flowing && !audio && info.layers !== null) {
      const layers = layersFor(received.lines, this.#cap)
      const last = received.layers
      if (last?.spatial !== layers.spatial || last.temporal !== layers.temporal) {
        received.layers = layers
        ask('prefer-layers', { consumerId: consumer.id, ...layers }).catch(ignore)
      }
    }
    if (flowing === received.flowing) return
    received.flowing = flowing
    const request = flowing ? 'resume-consumer' : 'pause-consumer'
    ask(request, { consumerId: consumer.id }).catch(() => {
      received.flowing = !flowing
    })
  }

  #find(consumerId: string): Received | undefined {
    return [...this.#received.values()].find(({ consumer }) => consumer.id === consumerId)
  }

  #gone(consumerId: string): void {
    this.#options.e2ee.notice({ type: 'detached', consumerId })
    this.#options.onRemoved(consumerId)
  }
}
