/** A meeting session as it lives: who is in it, and who hears what. It knows no media, only `forwarding`. */
import { TcsError } from '../errors.ts'
import type { ForwardingEvents, RoomForwarding } from './forwarding.ts'
import type { Peer } from './peer.ts'
import type { Events, EventType, PeerId, ProducerInfo } from '../protocol.ts'

export interface RoomOptions {
  readonly openForwarding: (events: ForwardingEvents) => RoomForwarding
  readonly maxPeers: number
  /** The last one has left. */
  readonly onEmpty: () => void
}

export class Room implements ForwardingEvents {
  readonly #options: RoomOptions
  readonly #forwarding: RoomForwarding
  readonly #peers = new Map<PeerId, Peer>()

  constructor(options: RoomOptions) {
    this.#options = options
    this.#forwarding = options.openForwarding(this)
  }

  get size(): number {
    return this.#peers.size
  }

  /**
   * Takes in a proven peer, who is not heard of before it joins. An older connection of the same member gives way.
   *
   * @throws {TcsError} `room-full`.
   */
  admit(peer: Peer): void {
    const older = this.#peers.get(peer.id)
    if (older === undefined && this.#peers.size >= this.#options.maxPeers) {
      throw new TcsError('room-full')
    }
    if (older !== undefined) this.#forget(older, 'lost')
    this.#peers.set(peer.id, peer)
    older?.channel.close('replaced')
  }

  /**
   * An older window of the same browser gives way, and the others hear of its end first: they take in a new session of
   * a device only once the former is gone.
   *
   * @throws {TcsError} `not-allowed` the second time.
   */
  join(
    peer: Peer,
    rtpCapabilities: object,
  ): { peers: readonly PeerId[]; producers: readonly ProducerInfo[] } {
    if (peer.closed || peer.joined) throw new TcsError('not-allowed', 'already joined')
    for (const older of [...this.others(peer)].filter((other) => other.isTwinOf(peer))) {
      this.#forget(older, 'lost')
      older.channel.close('replaced')
    }
    const others = [...this.others(peer)]
    peer.join(this.#forwarding.addPeer(peer.id, rtpCapabilities))
    this.#broadcast('peer-joined', { peerId: peer.id }, peer.id)
    return { peers: others.map((other) => other.id), producers: this.#forwarding.producers() }
  }

  /** Idempotent. */
  remove(peer: Peer, reason: 'left' | 'lost'): void {
    if (this.#peers.get(peer.id) !== peer) return
    this.#forget(peer, reason)
    if (this.#peers.size > 0) return
    this.#forwarding.close()
    this.#options.onEmpty()
  }

  /** The joined peer of this id. */
  find(peerId: PeerId): Peer | undefined {
    const peer = this.#peers.get(peerId)
    return peer?.joined === true ? peer : undefined
  }

  *others(than: Peer): Iterable<Peer> {
    for (const peer of this.#peers.values()) if (peer.joined && peer !== than) yield peer
  }

  producerAdded(producer: ProducerInfo): void {
    this.#broadcast('producer-added', producer, producer.peerId)
  }

  producerPaused({ producerId, peerId }: ProducerInfo): void {
    this.#broadcast('producer-paused', { producerId }, peerId)
  }

  producerResumed({ producerId, peerId }: ProducerInfo): void {
    this.#broadcast('producer-resumed', { producerId }, peerId)
  }

  producerClosed({ producerId, peerId }: ProducerInfo): void {
    this.#broadcast('producer-closed', { producerId }, peerId)
  }

  transportDisconnected(peerId: PeerId, transportId: string): void {
    this.find(peerId)?.channel.send('transport-disconnected', { transportId })
  }

  activeSpeakers(peerIds: readonly PeerId[]): void {
    this.#broadcast('active-speakers', { peerIds })
  }

  reset(): void {
    this.#broadcast('media-reset', {})
  }

  #forget(peer: Peer, reason: 'left' | 'lost'): void {
    this.#peers.delete(peer.id)
    const wasJoined = peer.joined
    peer.close()
    if (wasJoined) this.#broadcast('peer-left', { peerId: peer.id, reason })
  }

  #broadcast<T extends EventType>(type: T, payload: Events[T], except?: PeerId): void {
    for (const peer of this.#peers.values()) {
      if (peer.joined && peer.id !== except) peer.channel.send(type, payload)
    }
  }
}
