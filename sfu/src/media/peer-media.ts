/** The media of one peer: its transports, what it sends, and what it receives of the others. */
import type { RtpParameters, WebRtcTransport } from 'mediasoup/types'
import type { Quality } from '@huisclos/tmms/contract/presence'
import { TcsError } from '../errors.ts'
import type { PeerForwarding, UnsignedTransport } from '../room/forwarding.ts'
import type { ConsumerInfo, PeerId, ProducerInfo, Requests, Source, TcsCode } from '../protocol.ts'
import type { DtlsParametersWire } from '../wire/rtp-schemas.ts'
import { Consumers } from './consumers.ts'
import { asTcsError } from './failures.ts'
import type { Published } from './published.ts'
import { qualityOf } from './quality.ts'
import type { MediaRoom } from './room-media.ts'
import { connectTransport, describeTransport, openTransport } from './transports.ts'

type Direction = 'send' | 'recv'
/** A client that makes its transports anew has the old and the new one for a moment; whoever waits has no use for it. */
const TRANSPORTS_PER_DIRECTION = { waiting: 1, inside: 2 } as const

export class MediaPeer implements PeerForwarding {
  readonly #room: MediaRoom
  readonly #peerId: PeerId
  readonly #onClose: () => void
  readonly #transports: Record<Direction, Map<string, WebRtcTransport>> = {
    send: new Map(),
    recv: new Map(),
  }
  readonly #published = new Map<string, Published>()
  readonly #consumers = new Consumers()
  #place: keyof typeof TRANSPORTS_PER_DIRECTION = 'waiting'
  #turn: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(room: MediaRoom, peerId: PeerId, onClose: () => void) {
    this.#room = room
    this.#peerId = peerId
    this.#onClose = onClose
  }

  get consumers(): number {
    return this.#consumers.size
  }

  enter(rtpCapabilities: object): void {
    this.#place = 'inside'
    this.#consumers.rtpCapabilities = rtpCapabilities
  }

  createTransport(direction: Direction): Promise<UnsignedTransport> {
    return this.#inTurn(async () => {
      const own = this.#transports[direction]
      const transport = await openTransport(await this.#room.place(), (transportId) =>
        this.#room.events.transportDisconnected(this.#peerId, transportId),
      )
      if (this.#closed) {
        transport.close()
        throw new TcsError('not-found', 'the peer is gone')
      }
      own.set(transport.id, transport)
      transport.observer.once('close', () => own.delete(transport.id))
      const most = TRANSPORTS_PER_DIRECTION[this.#place]
      for (const older of [...own.values()].slice(0, -most)) older.close()
      return describeTransport(transport)
    })
  }

  connectTransport(transportId: string, dtlsParameters: object): Promise<void> {
    return this.#inTurn(
      () => connectTransport(this.#transport(transportId), dtlsParameters as DtlsParametersWire),
      'bad-request',
    )
  }

  restartIce(transportId: string): Promise<object> {
    return this.#inTurn(() => this.#transport(transportId).restartIce())
  }

  produce(request: Requests['produce']['request']): Promise<ProducerInfo> {
    const { transportId, kind, source, paused } = request
    return this.#inTurn(async () => {
      for (const { info } of this.#published.values()) {
        if (info.source === source) throw new TcsError('not-allowed', `already sends ${source}`)
      }
      const rtpParameters = request.rtpParameters as RtpParameters
      const transport = this.#transport(transportId, 'send')
      const producer = await transport.produce({ kind, rtpParameters, paused })
      const info = { producerId: producer.id, peerId: this.#peerId, kind, source, paused }
      const published = { info, producer }
      try {
        // mediasoup closes what it knows of; this one it did not know yet.
        if (this.#closed || transport.closed) throw new TcsError('not-found', 'transport is gone')
        this.#published.set(producer.id, published)
        producer.observer.once('close', () => this.#published.delete(producer.id))
        await this.#room.publish(published)
      } catch (error) {
        producer.close()
        throw error
      }
      return info
    }, 'bad-request')
  }

  setProducerPaused(producerId: string, paused: boolean): Promise<void> {
    return this.#inTurn(async () => {
      const published = this.#own(producerId)
      if (published.info.paused === paused) return
      await (paused ? published.producer.pause() : published.producer.resume())
      // Its end has been told meanwhile, and nothing comes after that.
      if (published.producer.closed) throw new TcsError('not-found', 'the producer is gone')
      published.info = { ...published.info, paused }
      if (paused) this.#room.events.producerPaused(published.info)
      else this.#room.events.producerResumed(published.info)
    })
  }

  closeProducer(producerId: string): Promise<void> {
    return this.#inTurn(() => {
      this.#own(producerId).producer.close()
      return Promise.resolve()
    })
  }

  closeSources(sources: readonly Source[]): Promise<void> {
    return this.#inTurn(() => {
      for (const { info, producer } of [...this.#published.values()]) {
        if (sources.includes(info.source)) producer.close()
      }
      return Promise.resolve()
    })
  }

  consume({ transportId, producerId }: Requests['consume']['request']): Promise<ConsumerInfo> {
    return this.#inTurn(async () => {
      const transport = this.#transport(transportId, 'recv')
      const published = this.#room.find(producerId)
      if (published === undefined) throw new TcsError('not-found', 'no such producer')
      if (published.info.peerId === this.#peerId) {
        throw new TcsError('not-allowed', 'consume of own producer')
      }
      return this.#consumers.add(transport, published)
    })
  }

  setConsumerPaused(consumerId: string, paused: boolean): Promise<void> {
    return this.#inTurn(() => this.#consumers.setPaused(consumerId, paused))
  }

  closeConsumer(consumerId: string): Promise<void> {
    return this.#inTurn(() => {
      this.#consumers.close(consumerId)
      return Promise.resolve()
    })
  }

  preferLayers(request: Requests['prefer-layers']['request']): Promise<void> {
    return this.#inTurn(() => this.#consumers.preferLayers(request))
  }

  requestKeyFrame(consumerId: string): Promise<void> {
    return this.#inTurn(() => this.#consumers.requestKeyFrame(consumerId))
  }

  quality(): Promise<Quality> {
    const { send, recv } = this.#transports
    const producers = Array.from(this.#published.values(), ({ producer }) => producer)
    return qualityOf({ send: send.values(), recv: recv.values(), producers })
  }

  /** The worker died: mediasoup has closed everything already. */
  reset(): void {
    this.#transports.send.clear()
    this.#transports.recv.clear()
    this.#published.clear()
    this.#consumers.clear()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    // Closing a transport closes its producers and consumers, and so tells the room.
    for (const own of Object.values(this.#transports)) {
      for (const transport of [...own.values()]) transport.close()
    }
    this.#onClose()
  }

  /** One at a time, in the order asked: two requests of one peer never see each other half done. */
  #inTurn<T>(work: () => Promise<T>, otherwise: TcsCode = 'internal'): Promise<T> {
    const done = this.#turn.then(async () => {
      if (this.#closed) throw new TcsError('not-found', 'the peer is gone')
      try {
        return await work()
      } catch (error) {
        throw asTcsError(error, otherwise)
      }
    })
    this.#turn = done.catch(() => undefined)
    return done
  }

  #transport(transportId: string, direction?: Direction): WebRtcTransport {
    const { send, recv } = this.#transports
    const found =
      direction === undefined
        ? (send.get(transportId) ?? recv.get(transportId))
        : this.#transports[direction].get(transportId)
    if (found === undefined) throw new TcsError('not-found', 'no such transport')
    return found
  }

  #own(producerId: string): Published {
    const published = this.#published.get(producerId)
    if (published === undefined) throw new TcsError('not-found', 'no such producer')
    return published
  }
}
