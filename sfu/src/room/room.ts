/** A meeting session as it lives: who is in it, and who hears what. It knows no media, only `forwarding`. */
import { TcsError } from '../errors.ts'
import type { ForwardingEvents, PeerForwarding, RoomForwarding } from './forwarding.ts'
import type { Peer } from './peer.ts'
import type { Events, EventType, PeerId, ProducerInfo, Requests } from '../protocol.ts'

export interface RoomOptions {
  readonly openForwarding: (events: ForwardingEvents) => RoomForwarding
  readonly maxPeers: number
  /** How many devices of one account. */
  readonly maxDevices: number
  /** Told of who comes in, and of who is no longer in. */
  readonly presence?: { came(peer: Peer): void; went(peer: Peer): void }
  /** The last one has left. */
  readonly onEmpty: () => void
}

export class Room implements ForwardingEvents {
  readonly #options: RoomOptions
  readonly #forwarding: RoomForwarding
  readonly #peers = new Map<PeerId, Peer>()
  /** Not in the room: nobody hears of them, but their transports are of this room. */
  readonly #waiting = new Set<Peer>()
  #closed = false

  constructor(options: RoomOptions) {
    this.#options = options
    this.#forwarding = options.openForwarding(this)
  }

  get size(): number {
    return this.#peers.size
  }

  /** Media for somebody who has not joined: it makes transports meanwhile, and nobody hears of it. */
  prepare(peer: Peer): PeerForwarding {
    this.#waiting.add(peer)
    return peer.prepare(() => this.#forwarding.addPeer(peer.id))
  }

  /** What somebody who waits has prepared ends. Idempotent; whoever has joined is left alone. */
  unprepare(peer: Peer): void {
    if (!this.#waiting.delete(peer)) return
    peer.unprepare()
    this.endIfEmpty()
  }

  /**
   * From here on the others hear of this peer. An older connection of the same member gives way, and so does an older
   * window of the same browser; the others hear of their end first: they take in a new session of a device only once the
   * former is gone.
   *
   * @throws {TcsError} `not-allowed` the second time, `room-full`, or `too-many-devices` of one account.
   */
  join(peer: Peer, rtpCapabilities: object): Requests['join']['reply'] {
    if (!peer.waiting) throw new TcsError('not-allowed', 'already joined')
    const present = [...this.#peers.values()]
    const older = present.filter((other) => other.id === peer.id || other.isTwinOf(peer))
    const staying = present.filter((other) => !older.includes(other))
    const most = Math.min(this.#options.maxPeers, peer.participants)
    if (staying.length >= most) throw new TcsError('room-full')
    if (staying.filter(({ sub }) => sub === peer.sub).length >= this.#options.maxDevices) {
      throw new TcsError('too-many-devices', 'devices of one account in a room')
    }
    for (const other of older) {
      this.#forget(other, 'lost')
      other.channel.close('replaced')
    }
    const forwarding = this.prepare(peer)
    forwarding.enter(rtpCapabilities)
    peer.join(forwarding)
    this.#waiting.delete(peer)
    this.#peers.set(peer.id, peer)
    this.#options.presence?.came(peer)
    this.#broadcast('peer-joined', { peerId: peer.id }, peer.id)
    return { peers: staying.map(({ id }) => id), producers: this.#forwarding.producers() }
  }

  /** Idempotent. */
  remove(peer: Peer, reason: 'left' | 'lost'): void {
    this.unprepare(peer)
    if (this.#peers.get(peer.id) !== peer) return
    this.#forget(peer, reason)
    this.endIfEmpty()
  }

  /** A room lives as long as somebody is in it, or waits with media of it. */
  endIfEmpty(): void {
    if (this.#peers.size > 0 || this.#waiting.size > 0 || this.#closed) return
    this.#closed = true
    this.#forwarding.close()
    this.#options.onEmpty()
  }

  find(peerId: PeerId): Peer | undefined {
    return this.#peers.get(peerId)
  }

  *others(than: Peer): Iterable<Peer> {
    for (const peer of this.#peers.values()) if (peer !== than) yield peer
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
    // Whoever waits may be a newer connection of somebody inside; the id of the transport tells them apart.
    for (const peer of [...this.#peers.values(), ...this.#waiting]) {
      if (peer.id === peerId) peer.channel.send('transport-disconnected', { transportId })
    }
  }

  activeSpeakers(peerIds: readonly PeerId[]): void {
    this.#broadcast('active-speakers', { peerIds })
  }

  reset(): void {
    this.#broadcast('media-reset', {})
    for (const peer of this.#waiting) peer.channel.send('media-reset', {})
  }

  #forget(peer: Peer, reason: 'left' | 'lost'): void {
    this.#peers.delete(peer.id)
    this.#options.presence?.went(peer)
    peer.close()
    this.#broadcast('peer-left', { peerId: peer.id, reason })
  }

  #broadcast<T extends EventType>(type: T, payload: Events[T], except?: PeerId): void {
    for (const peer of this.#peers.values()) {
      if (peer.id !== except) peer.channel.send(type, payload)
    }
  }
}
