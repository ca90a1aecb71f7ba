/** What one client was granted: which peers it may reach, by which channel, and until when. No sockets. */
import { addressBytes } from '../ip.ts'
import type { Endpoint } from './address.ts'
import { Route } from './route.ts'
import type { Leg } from './splitter.ts'

export interface PeerAccess {
  /** Where all our workers are; they differ by port. */
  readonly peerAddress: string
  /** Null when the peer is not one of our workers. */
  readonly workerPort: (address: string, port: number) => number | null
  readonly openLeg: (route: Route, workerPort: number) => Leg
  readonly permissionMs: number
  readonly channelMs: number
}

interface Peer {
  readonly endpoint: Endpoint
  readonly route: Route
  readonly leg: Leg
  channelUntilMs: number
}

export class Allocation {
  readonly username: string
  readonly key: Buffer
  untilMs: number
  readonly #access: PeerAccess
  /** By address without port, as RFC 8656 section 9 wants it. */
  readonly #permissions = new Map<string, number>()
  readonly #peers = new Map<number, Peer>()
  readonly #channels = new Map<number, Peer>()

  constructor(owner: { username: string; key: Buffer; untilMs: number }, access: PeerAccess) {
    this.username = owner.username
    this.key = owner.key
    this.untilMs = owner.untilMs
    this.#access = access
  }

  mayReach(endpoint: Endpoint): boolean {
    return this.#access.workerPort(endpoint.address, endpoint.port) !== null
  }

  /** Permissions are for an address, whatever the port (RFC 8656 section 9.2). */
  mayPermit({ address }: Endpoint): boolean {
    return address === this.#access.peerAddress
  }

  /**
   * The caller has asked `mayPermit`. When there is a worker at that port, its leg is opened now: packets follow within
   * milliseconds.
   */
  permit(endpoint: Endpoint, nowMs: number): void {
    this.#permissions.set(endpoint.address, nowMs + this.#access.permissionMs)
    this.#peerAt(peerKey(endpoint), endpoint)
  }

  /** False when the channel or the peer is bound otherwise (RFC 8656 section 12.2). */
  bind(channel: number, endpoint: Endpoint, nowMs: number): boolean {
    const key = peerKey(endpoint)
    const holder = this.#channels.get(channel)
    if (holder !== undefined && holder !== this.#peers.get(key)) return false
    const other = this.#peers.get(key)?.route.channel ?? 0
    if (other !== 0 && other !== channel) return false
    this.permit(endpoint, nowMs)
    const peer = this.#peerAt(key, endpoint)
    if (peer === null) return false
    peer.route.channel = channel
    peer.channelUntilMs = nowMs + this.#access.channelMs
    this.#channels.set(channel, peer)
    return true
  }

  legOfChannel(channel: number): Leg | null {
    return this.#channels.get(channel)?.leg ?? null
  }

  /** Null without a permission: a Send indication carries no proof of its own. */
  legOfPeer(key: number): Leg | null {
    const peer = this.#peers.get(key) ?? this.#peerAt(key, endpointOf(key))
    return peer?.leg ?? null
  }

  /** Forgets channels and permissions that ran out, and closes the legs that have neither. */
  expire(nowMs: number): void {
    for (const [address, untilMs] of this.#permissions) {
      if (untilMs <= nowMs) this.#permissions.delete(address)
    }
    for (const [channel, peer] of this.#channels) {
      if (peer.channelUntilMs > nowMs) continue
      peer.route.channel = 0
      this.#channels.delete(channel)
    }
    for (const [key, peer] of this.#peers) {
      if (peer.route.channel !== 0 || this.#permissions.has(peer.endpoint.address)) continue
      peer.leg.close()
      this.#peers.delete(key)
    }
  }

  close(): void {
    for (const peer of this.#peers.values()) peer.leg.close()
    this.#peers.clear()
    this.#channels.clear()
    this.#permissions.clear()
  }

  #peerAt(key: number, endpoint: Endpoint): Peer | null {
    const known = this.#peers.get(key)
    if (known !== undefined) return known
    if (!this.#permissions.has(endpoint.address)) return null
    const workerPort = this.#access.workerPort(endpoint.address, endpoint.port)
    if (workerPort === null) return null
    const route = new Route(endpoint)
    const leg = this.#access.openLeg(route, workerPort)
    const peer = { endpoint, route, leg, channelUntilMs: 0 }
    this.#peers.set(key, peer)
    return peer
  }
}

/** One number for an IPv4 endpoint, as the hot path reads it from the wire. */
export function peerKey(endpoint: Endpoint): number {
  return addressBytes(endpoint.address).readUInt32BE(0) * 0x10000 + endpoint.port
}

function endpointOf(key: number): Endpoint {
  const ip = Buffer.alloc(4)
  ip.writeUInt32BE(Math.floor(key / 0x10000))
  return { address: ip.join('.'), port: key % 0x10000 }
}
