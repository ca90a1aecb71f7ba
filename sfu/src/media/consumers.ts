/** What one peer receives: each consumer starts paused and ends with its producer. */
import { parseScalabilityMode } from 'mediasoup'
import type { Consumer, RtpCapabilities, WebRtcTransport } from 'mediasoup/types'
import { TcsError } from '../errors.ts'
import type { ConsumerInfo, Requests } from '../protocol.ts'
import type { Published } from './published.ts'

const MOST_CONSUMERS = 1000

export class Consumers {
  /** What the peer can receive: nothing until it has said so. */
  rtpCapabilities: RtpCapabilities = {}
  readonly #consumers = new Map<string, Consumer>()

  get size(): number {
    return this.#consumers.size
  }

  async add(transport: WebRtcTransport, published: Published): Promise<ConsumerInfo> {
    const producerId = published.producer.id
    if (this.#consumers.size >= MOST_CONSUMERS) throw new TcsError('not-allowed', 'consumers')
    const consumer = await transport.consume({
      producerId,
      rtpCapabilities: this.rtpCapabilities,
      paused: true,
    })
    // mediasoup closes what it knows of; this one it did not know yet.
    if (transport.closed || published.producer.closed) {
      consumer.close()
      throw new TcsError('not-found', 'transport or producer is gone')
    }
    this.#consumers.set(consumer.id, consumer)
    consumer.observer.once('close', () => this.#consumers.delete(consumer.id))
    return {
      consumerId: consumer.id,
      producerId,
      kind: consumer.kind,
      rtpParameters: consumer.rtpParameters,
      // Read when the reply is written: news of a pause may go out between here and there.
      get producerPaused() {
        return published.info.paused
      },
      layers: layersOf(consumer),
    }
  }

  async setPaused(consumerId: string, paused: boolean): Promise<void> {
    const consumer = this.#find(consumerId)
    await (paused ? consumer.pause() : consumer.resume())
  }

  close(consumerId: string): void {
    this.#find(consumerId).close()
  }

  async preferLayers(request: Requests['prefer-layers']['request']): Promise<void> {
    const consumer = this.#find(request.consumerId)
    // A stream of one layer has nothing to choose from.
    if (layersOf(consumer) === null) return
    const { spatial: spatialLayer, temporal: temporalLayer } = request
    await consumer.setPreferredLayers({ spatialLayer, temporalLayer })
  }

  async requestKeyFrame(consumerId: string): Promise<void> {
    const consumer = this.#find(consumerId)
    if (consumer.kind === 'video') await consumer.requestKeyFrame()
  }

  clear(): void {
    this.#consumers.clear()
  }

  #find(consumerId: string): Consumer {
    const consumer = this.#consumers.get(consumerId)
    if (consumer === undefined) throw new TcsError('not-found', 'no such consumer')
    return consumer
  }
}

function layersOf({ type, rtpParameters }: Consumer): ConsumerInfo['layers'] {
  if (type !== 'simulcast' && type !== 'svc') return null
  const mode = parseScalabilityMode(rtpParameters.encodings?.[0]?.scalabilityMode)
  return { spatial: mode.spatialLayers, temporal: mode.temporalLayers }
}
