/** The TCS as one thing: gate, rooms and media, wired for whoever owns the HTTP server. */
import type { Server as HttpServer } from 'node:http'
import type { Duplex } from 'node:stream'
import type { JWK } from 'jose'
import type { Logger } from 'pino'
import type { Presence, PresenceChange } from '@huisclos/tmms/contract/presence'
import type { Channel } from './wire/channel.ts'
import { TcsError } from './errors.ts'
import type { Media, MediaCounters } from './room/forwarding.ts'
import type { EndedAccess } from './door/access-ends.ts'
import { Gate } from './door/gate.ts'
import type { Context, HandlerTable } from './handlers/handler.ts'
import { HANDLERS } from './handlers/table.ts'
import type { Identity } from './door/identity.ts'
import { LIMITS, type Limits } from './limits.ts'
import { openMedia } from './media/media.ts'
import { Admissions } from './room/admissions.ts'
import type { Peer } from './room/peer.ts'
import type { Caller } from './door/proof.ts'
import { verifyToken } from './door/token.ts'
import type { Admission, PeerId, RelayCredentials, Source } from './protocol.ts'
import { PresenceBook } from './room/presence.ts'
import { Rooms } from './room/rooms.ts'

export interface TcsOptions {
  readonly httpServer: HttpServer
  /** `https://host[:port]`: the only allowed Origin, what callers sign, and the issuer of tokens. */
  readonly origin: string
  /** Public token keys of the TMMS, asked anew for each check. */
  readonly tokenKeys: () => { keys: JWK[] }
  /** Certified by the TMMS for this origin. */
  readonly identity: Identity
  readonly workerBin?: string
  /** mediasoup workers. */
  readonly workers: number
  /** Made-up candidate address announced by mediasoup, which the relay maps to its worker. */
  readonly peerAddress: string
  /** `turns:host:port?transport=tcp` */
  readonly relayUrls: readonly string[]
  readonly mintRelay: (owner: {
    readonly sub: string
    readonly mid: string
    readonly member: string
  }) => { username: string; credential: string; expiresAtMs: number }
  /** Ends the relay's allocations of these people, and the credentials that were minted for more. */
  readonly revokeRelay: (end: EndedAccess) => void
  readonly videoCodec: 'vp8' | 'vp9'
  /** Told of who comes into a room and of who is no longer in it; throws nothing. */
  readonly onPresence?: (change: PresenceChange) => void
  /** Told when whoever is at the other end of a connection has proved who it is. */
  readonly onProven?: (connection: Duplex) => void
  readonly logger: Logger
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly limits?: Partial<Limits>
  /** Test tap: every RTP packet the TCS forwards, as the TCS sees it (after SRTP). Costs nothing when absent. */
  readonly onRtp?: (
    packet: Buffer,
    from: { readonly peerId: PeerId; readonly source: Source },
  ) => void
}

export interface TcsCounters extends MediaCounters {
  readonly rooms: number
  /** In a room. */
  readonly peers: number
  /** Proven, and not in a room yet. */
  readonly waiting: number
}

export interface Tcs {
  /** For the relay: made-up peer address and port -> loopback TCP port of the worker, or null. */
  workerPort(address: string, port: number): number | null
  /**
   * Every token issued up to that moment for this account, this meeting, or this account in this meeting lets nobody in
   * any more; connections made with one end with the reason as their last word, and so does what the relay holds.
   */
  endAccess(end: EndedAccess): void
  /** Who is in which meeting. */
  readonly presence: Presence
  counters(): TcsCounters
  /** Ends every connection, room and worker process. Idempotent. */
  close(): Promise<void>
}

/** Rejects with TcsError `media-unavailable` when the media workers do not start. */
export async function createTcs(options: TcsOptions): Promise<Tcs> {
  const { workers, peerAddress, logger, workerBin, onRtp } = options
  const media = await openMedia({
    workers,
    peerAddress,
    logger,
    ...(workerBin === undefined ? {} : { workerBin }),
    ...(onRtp === undefined ? {} : { onRtp }),
  })
  return new RunningTcs(options, media)
}

class RunningTcs implements Tcs {
  readonly #options: TcsOptions
  readonly #media: Media
  readonly #rooms: Rooms
  readonly #admissions: Admissions
  readonly #gate: Gate
  readonly #now: () => number
  readonly presence: PresenceBook
  #closing: Promise<void> | undefined

  constructor(options: TcsOptions, media: Media) {
    this.#options = options
    this.#media = media
    const limits = { ...LIMITS, ...options.limits }
    const now = (this.#now = options.now ?? Date.now)
    this.presence = new PresenceBook(now, (change) => options.onPresence?.(change))
    this.#rooms = new Rooms({
      presence: this.presence,
      openForwarding: (events) => media.openRoom(events),
      maxPeers: limits.roomPeers,
      maxDevices: limits.accountDevices,
    })
    const { httpServer, origin, tokenKeys, logger, revokeRelay } = options
    this.#admissions = new Admissions({ rooms: this.#rooms, limits, now, revokeRelay })
    this.#gate = new Gate({
      httpServer,
      origin,
      tokenKeys,
      logger,
      limits,
      now,
      onProven: options.onProven,
      welcome: (caller, channel) => this.#welcome(caller, channel),
    })
  }

  workerPort(address: string, port: number): number | null {
    return this.#media.workerPort(address, port)
  }

  endAccess(end: EndedAccess): void {
    this.#admissions.endAccess(end)
  }

  counters(): TcsCounters {
    const { size: rooms, peers } = this.#rooms
    return { rooms, peers, waiting: this.#admissions.waiting, ...this.#media.counters() }
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#gate.close()
      await this.#media.close()
    })()
    return this.#closing
  }

  #welcome(caller: Caller, channel: Channel): Admission {
    if (this.#closing !== undefined) throw new TcsError('shutting-down')
    const peer = this.#admissions.admit(caller, channel)
    this.#serve(peer, caller)
    const { identity, origin } = this.#options
    return {
      peerId: peer.id,
      identity: identity.proveTo(caller.asked, peer.id, origin),
      relay: this.#mintRelay(peer),
      iceTransportPolicy: 'relay',
      routerRtpCapabilities: this.#media.rtpCapabilities,
      videoCodec: this.#options.videoCodec,
    }
  }

  #serve(peer: Peer, { asked }: Caller): void {
    const { identity, origin, tokenKeys } = this.#options
    const context: Context = {
      peer,
      admissions: this.#admissions,
      now: this.#now,
      mintRelay: () => this.#mintRelay(peer),
      verifyToken: (token) =>
        verifyToken(token, { origin, tokenKeys: tokenKeys().keys, nowMs: this.#now() }),
      signTransport: (direction, transport) => identity.signTransport(asked, direction, transport),
    }
    const table: HandlerTable = HANDLERS
    peer.channel.serve((type, request) => table[type](context, request))
  }

  #mintRelay(peer: Peer): RelayCredentials {
    const { relayUrls, mintRelay } = this.#options
    const owner = { sub: peer.sub, mid: peer.mid, member: peer.id }
    return { urls: relayUrls, ...mintRelay(owner) }
  }
}
