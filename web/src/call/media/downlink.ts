/** What the others send: consumers at the TCS, each through its decryption transform, to tracks. */
import type { types } from 'mediasoup-client'
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { ProducerInfo } from '@huisclos/sfu/protocol'
import { CallError } from '../outcome/errors.ts'
import type { RemoteStream } from '../people/peer-view.ts'
import { openPath } from './open-path.ts'
import { ReceivedStream, type View } from './received-stream.ts'
import { MediaTransport, type TransportContext } from './transport.ts'

export interface DownlinkOptions extends TransportContext {
  readonly e2ee: E2eeClient
  /** What is known of a producer now; undefined when it has ended. Read anew after every wait. */
  readonly newest: (producerId: string) => ProducerInfo | undefined
  readonly onAdded: (stream: RemoteStream) => void
  readonly onRemoved: (consumerId: string) => void
}

export class Downlink {
  readonly #options: DownlinkOptions
  readonly #link: MediaTransport
  /** By producer: from here on it is received, even while its consumer is still being made (null). */
  readonly #streams = new Map<string, ReceivedStream | null>()
  /** The latest try to receive each producer: one that was announced anew meanwhile must not answer for it. */
  readonly #attempts = new Map<string, object>()
  #view: View = { cap: 2, pageVisible: true }

  static async open(options: DownlinkOptions): Promise<Downlink> {
    const link = await MediaTransport.open('recv', options)
    // When it cannot be opened early it is opened with the first stream.
    openPath(link.transport, options.device).catch(() => undefined)
    return new Downlink(options, link)
  }

  private constructor(options: DownlinkOptions, link: MediaTransport) {
    this.#options = options
    this.#link = link
  }

  get link(): MediaTransport {
    return this.#link
  }

  get consumers(): readonly types.Consumer[] {
    return this.#received().map(({ consumer }) => consumer)
  }

  async add({ producerId }: ProducerInfo): Promise<void> {
    if (this.#streams.has(producerId)) return
    const attempt = {}
    this.#streams.set(producerId, null)
    this.#attempts.set(producerId, attempt)
    try {
      await this.#consume(producerId, attempt)
    } catch (error) {
      if (this.#attempts.get(producerId) === attempt) this.#streams.delete(producerId)
      // A producer that went away meanwhile is no fault.
      if (!(error instanceof CallError && error.code === 'not-found')) throw error
    }
  }

  remove(producerId: string): void {
    const stream = this.#streams.get(producerId)
    this.#streams.delete(producerId)
    this.#attempts.delete(producerId)
    if (stream == null) return
    stream.consumer.close()
    this.#gone(stream.consumer.id)
  }

  /** @returns the consumer of this producer, so that its tile can be told. */
  consumerOf(producerId: string): string | null {
    return this.#streams.get(producerId)?.consumer.id ?? null
  }

  /** Called when a tile appears, disappears or changes size. @param lines device pixels, 0 when not visible */
  show(consumerId: string, lines: number): void {
    this.#received()
      .find(({ consumer }) => consumer.id === consumerId)
      ?.show(lines)
  }

  /** Pictures are not sent to a page nobody sees. */
  pageVisible(visible: boolean): void {
    this.#look({ ...this.#view, pageVisible: visible })
  }

  /** Receives no better layer than this machine copes with. */
  limitLayers(cap: number): void {
    this.#look({ ...this.#view, cap })
  }

  close(): void {
    this.#link.close()
    for (const { consumer } of this.#received()) this.#gone(consumer.id)
    this.#streams.clear()
    this.#attempts.clear()
  }

  async #consume(producerId: string, attempt: object): Promise<void> {
    const { ask, e2ee, newest } = this.#options
    const info = await ask('consume', { transportId: this.#link.id, producerId })
    const owner = newest(producerId)
    if (owner === undefined) {
      this.#forget(info.consumerId)
      return
    }
    const transform = { attached: false }
    const consumer = await this.#link.transport.consume({
      id: info.consumerId,
      producerId,
      kind: info.kind,
      rtpParameters: info.rtpParameters as types.RtpParameters,
      // One stream per person, so that lips and voice stay together.
      streamId: owner.peerId,
      onRtpReceiver: (receiver) => {
        const { consumerId } = info
        const options = { consumerId, owner: owner.peerId, kind: owner.source } as const
        receiver.transform = e2ee.decryptTransform(options)
        transform.attached = true
      },
    })
    // Whether it goes on, whose it is, and whether it is paused may have changed since the TCS answered.
    const now = newest(producerId)
    const current = this.#attempts.get(producerId) === attempt
    if (!transform.attached || now === undefined || !current) {
      consumer.close()
      this.#gone(consumer.id)
      this.#forget(info.consumerId)
      if (!transform.attached) throw new CallError('cannot-encrypt')
      return
    }
    this.#attach(new ReceivedStream(ask, info, consumer, this.#view), now)
  }

  #attach(stream: ReceivedStream, { producerId, peerId, source, paused }: ProducerInfo): void {
    const { id: consumerId, track } = stream.consumer
    this.#streams.set(producerId, stream)
    this.#options.onAdded({ consumerId, producerId, peerId, source, track, paused })
    // Only now may anything flow: the transform is in place. Pictures wait until their tile says that it is visible.
    stream.adjust()
  }

  #look(view: View): void {
    this.#view = view
    for (const stream of this.#received()) stream.look(view)
  }

  #received(): readonly ReceivedStream[] {
    return [...this.#streams.values()].filter((stream) => stream !== null)
  }

  #forget(consumerId: string): void {
    this.#options.ask('close-consumer', { consumerId }).catch(() => undefined)
  }

  #gone(consumerId: string): void {
    this.#options.e2ee.notice({ type: 'detached', consumerId })
    this.#options.onRemoved(consumerId)
  }
}
