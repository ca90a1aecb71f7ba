/** The media of one room: a router on some worker, and another one when that worker dies. */
import type { AudioLevelObserver } from 'mediasoup/types'
import type { Logger } from 'pino'
import { TcsError } from '../errors.ts'
import type { ForwardingEvents, PeerForwarding, RoomForwarding } from '../room/forwarding.ts'
import type { PeerId, ProducerInfo } from '../protocol.ts'
import { asTcsError } from './failures.ts'
import { MediaPeer } from './peer-media.ts'
import type { Published } from './published.ts'
import { watchSpeakers } from './speakers.ts'
import { Tap, type OnRtp } from './tap.ts'
import type { Place, Workers } from './workers.ts'

export interface MediaRoomOptions {
  readonly workers: Workers
  readonly events: ForwardingEvents
  readonly logger: Logger
  readonly onRtp?: OnRtp
  readonly onClose: (room: MediaRoom) => void
}

interface Studio extends Place {
  readonly speakers: AudioLevelObserver
  readonly tap: Tap | undefined
}

export class MediaRoom implements RoomForwarding {
  readonly events: ForwardingEvents
  readonly #options: MediaRoomOptions
  readonly #published = new Map<string, Published>()
  readonly #peers = new Set<MediaPeer>()
  #studio: Promise<Studio> | undefined
  #closed = false

  constructor(options: MediaRoomOptions) {
    this.#options = options
    this.events = options.events
  }

  get consumers(): number {
    return Array.from(this.#peers, (peer) => peer.consumers).reduce((sum, one) => sum + one, 0)
  }

  get producerCount(): number {
    return this.#published.size
  }

  addPeer(peerId: PeerId): PeerForwarding {
    const peer = new MediaPeer(this, peerId, () => this.#peers.delete(peer))
    this.#peers.add(peer)
    return peer
  }

  producers(): readonly ProducerInfo[] {
    return Array.from(this.#published.values(), ({ info }) => info)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const peer of this.#peers) peer.close()
    this.#studio?.then(({ router }) => router.close()).catch(() => undefined)
    this.#options.onClose(this)
  }

  /** The router and its server. @throws {TcsError} `media-unavailable`. */
  async place(): Promise<Studio> {
    if (this.#closed) throw new TcsError('not-found', 'the room is closed')
    const studio = (this.#studio ??= this.#open())
    try {
      return await studio
    } catch (error) {
      // The next request tries again, unless one has begun already.
      if (this.#studio === studio) this.#studio = undefined
      throw asTcsError(error, 'media-unavailable')
    }
  }

  find(producerId: string): Published | undefined {
    return this.#published.get(producerId)
  }

  /** Nobody hears of a producer before all that listens to it is in place. */
  async publish(published: Published): Promise<void> {
    const { info, producer } = published
    const { speakers, tap } = await this.place()
    if (info.source === 'audio') await speakers.addProducer({ producerId: producer.id })
    await tap?.add(info)
    if (producer.closed) throw new TcsError('media-unavailable', 'the producer is gone already')
    this.#published.set(producer.id, published)
    producer.observer.once('close', () => this.#unpublish(producer.id))
    this.events.producerAdded(info)
  }

  #unpublish(producerId: string): void {
    const published = this.#published.get(producerId)
    if (published === undefined) return
    this.#published.delete(producerId)
    this.events.producerClosed(published.info)
  }

  async #open(): Promise<Studio> {
    const { workers, onRtp } = this.#options
    const place = await workers.openRouter()
    place.router.on('workerclose', () => this.#reset())
    const speakers = await watchSpeakers(
      place.router,
      (producerId) => this.#published.get(producerId)?.info.peerId,
      (peerIds) => this.events.activeSpeakers(peerIds),
    )
    const tap = onRtp === undefined ? undefined : await Tap.open(place.router, onRtp)
    return { ...place, speakers, tap }
  }

  #reset(): void {
    if (this.#closed) return
    this.#studio = undefined
    this.#published.clear()
    for (const peer of this.#peers) peer.reset()
    this.events.reset()
    this.#options.logger.warn({ peers: this.#peers.size }, 'media of a room starts anew')
  }
}
