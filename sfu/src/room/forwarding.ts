/** What a room and its peers need from media, and nothing of how it is done. */
import type { Quality } from '@huisclos/tmms/contract/presence'
import type {
  ConsumerInfo,
  PeerId,
  ProducerInfo,
  Requests,
  Source,
  TransportInfo,
} from '../protocol.ts'

/** A transport that the TCS has not vouched for yet. */
export type UnsignedTransport = Omit<TransportInfo, 'signature'>

/** What media tells a room. */
export interface ForwardingEvents {
  producerAdded(producer: ProducerInfo): void
  producerPaused(producer: ProducerInfo): void
  producerResumed(producer: ProducerInfo): void
  producerClosed(producer: ProducerInfo): void
  transportDisconnected(peerId: PeerId, transportId: string): void
  activeSpeakers(peerIds: readonly PeerId[]): void
  /** Every transport, producer and consumer of the room is gone. */
  reset(): void
}

/** The media of one room. */
export interface RoomForwarding {
  /** Of somebody who can make one transport of each direction, and nothing else before `enter`. */
  addPeer(peerId: PeerId): PeerForwarding
  producers(): readonly ProducerInfo[]
  close(): void
}

/**
 * The media of one peer. It reaches this peer's own transports, producers and consumers only: any other id is unknown.
 *
 * @throws {TcsError} `not-found`, `not-allowed`, `bad-request` or `media-unavailable`.
 */
export interface PeerForwarding {
  /** From here on this peer may receive, and has what it needs to make its transports anew. */
  enter(rtpCapabilities: object): void
  createTransport(direction: 'send' | 'recv'): Promise<UnsignedTransport>
  connectTransport(transportId: string, dtlsParameters: object): Promise<void>
  restartIce(transportId: string): Promise<object>
  produce(request: Requests['produce']['request']): Promise<ProducerInfo>
  setProducerPaused(producerId: string, paused: boolean): Promise<void>
  closeProducer(producerId: string): Promise<void>
  /** Also of what is being produced at this moment. */
  closeSources(sources: readonly Source[]): Promise<void>
  consume(request: Requests['consume']['request']): Promise<ConsumerInfo>
  setConsumerPaused(consumerId: string, paused: boolean): Promise<void>
  closeConsumer(consumerId: string): Promise<void>
  preferLayers(request: Requests['prefer-layers']['request']): Promise<void>
  requestKeyFrame(consumerId: string): Promise<void>
  /** How well its media travels at the moment. */
  quality(): Promise<Quality>
  close(): void
}

/** All media of this TCS. */
export interface Media {
  /** The same for every router. */
  readonly rtpCapabilities: object
  openRoom(events: ForwardingEvents): RoomForwarding
  workerPort(address: string, port: number): number | null
  counters(): MediaCounters
  close(): Promise<void>
}

export interface MediaCounters {
  /** Media workers that run. */
  readonly workers: number
  readonly transports: number
  readonly producers: number
  readonly consumers: number
}
