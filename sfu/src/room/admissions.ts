/** Who is admitted: one live connection for each token, and none for those whose access has ended. */
import { AccessEnds, type EndedAccess } from '../door/access-ends.ts'
import type { Caller } from '../door/proof.ts'
import type { Token } from '../door/token.ts'
import { TcsError } from '../errors.ts'
import type { Limits } from '../limits.ts'
import type { Requests } from '../protocol.ts'
import type { Channel } from '../wire/channel.ts'
import { Accounts } from './accounts.ts'
import type { PeerForwarding } from './forwarding.ts'
import { Peer } from './peer.ts'
import type { Room } from './room.ts'
import type { Rooms } from './rooms.ts'

export interface AdmissionsOptions {
  readonly rooms: Rooms
  readonly limits: Limits
  readonly now: () => number
  /** Ends the relay's allocations of these people, and the credentials that were minted for more. */
  readonly revokeRelay: (end: EndedAccess) => void
}

export class Admissions {
  readonly #options: AdmissionsOptions
  readonly #accounts: Accounts
  readonly #ends: AccessEnds
  /** Waiting and joined. */
  readonly #peers = new Set<Peer>()
  /** The newest connection for each token. */
  readonly #holders = new Map<string, Peer>()

  constructor(options: AdmissionsOptions) {
    this.#options = options
    this.#accounts = new Accounts(options.limits, options.now)
    this.#ends = new AccessEnds(options.now)
  }

  get waiting(): number {
    return [...this.#peers].filter((peer) => peer.waiting).length
  }

  /**
   * Takes in a proven caller, who is nobody's peer before it joins: it may wait in the device check for long.
   *
   * @throws {TcsError} the reason why access ended, `token-in-use` or `too-many-devices`.
   */
  admit(caller: Caller, channel: Channel): Peer {
    this.#check(caller, (holder) => holder.id === caller.peerId)
    for (const older of [...this.#peers]) {
      if (older.waiting && older.id === caller.peerId) older.channel.close('replaced')
    }
    this.#accounts.expire()
    const account = this.#accounts.of(caller.sub)
    if (!account.connect()) throw new TcsError('too-many-devices', 'connections of one account')
    const peer = new Peer(caller, channel, account)
    this.#peers.add(peer)
    this.#holders.set(peer.jti, peer)
    const refuse = channel.guarded(() => {
      if (peer.waiting) channel.close('too-slow')
    })
    const late = setTimeout(refuse, this.#options.limits.waitMs)
    channel.onClose(() => {
      clearTimeout(late)
      this.#forget(peer)
    })
    return peer
  }

  /** @throws {TcsError} `not-allowed` the second time, `room-full` or `too-many-devices`. */
  join(peer: Peer, rtpCapabilities: object): Requests['join']['reply'] {
    const room = this.#options.rooms.open(peer.mid, peer.msid)
    try {
      return room.join(peer, rtpCapabilities)
    } catch (error) {
      // Whoever is refused keeps nothing of the room.
      room.unprepare(peer)
      throw error
    } finally {
      room.endIfEmpty()
    }
  }

  /**
   * Where a peer makes and mends its transports, in its room or while it waits.
   *
   * @throws {TcsError} `too-many-messages` when its account has done so too often without joining, `not-allowed` once it
   * has left.
   */
  transportsOf(peer: Peer): PeerForwarding {
    if (!peer.waiting) return peer.forwarding
    if (!peer.account.mayPrepare(this.#options.now())) {
      throw new TcsError('too-many-messages', 'transports before the join')
    }
    return this.#options.rooms.open(peer.mid, peer.msid).prepare(peer)
  }

  /** @throws {TcsError} `not-allowed` before `join`. */
  roomOf(peer: Peer): Room {
    const room = peer.joined ? this.#options.rooms.find(peer.mid, peer.msid) : undefined
    if (room === undefined) throw new TcsError('not-allowed', 'not joined')
    return room
  }

  /** For good: nobody need wait whether it comes back, as for a connection that is cut. */
  leave(peer: Peer): void {
    this.#options.rooms.find(peer.mid, peer.msid)?.remove(peer, 'left')
    peer.close()
  }

  /**
   * Takes a newer token for a connection that stays; what it does not allow any more is closed.
   *
   * @throws {TcsError} the reason why access ended, `token-in-use` or `refused`.
   */
  async renew(peer: Peer, token: Token): Promise<void> {
    if (peer.closed) throw new TcsError('not-found', 'the peer is gone')
    this.#check(token, (holder) => holder === peer)
    const former = peer.jti
    peer.renew(token)
    if (this.#holders.get(former) === peer) this.#holders.delete(former)
    this.#holders.set(peer.jti, peer)
    if (peer.joined) await peer.forwarding.closeSources(peer.rights.forbidden)
  }

  /** Refuses every token of this scope from up to `atMs`, and ends the connections made with one. */
  endAccess(end: EndedAccess): void {
    this.#ends.add(end)
    for (const peer of [...this.#peers]) {
      if (this.#ends.reasonAgainst(peer) === null) continue
      this.leave(peer)
      peer.channel.close(end.reason)
    }
    this.#options.revokeRelay(end)
  }

  #check(token: Token, mayHold: (holder: Peer) => boolean): void {
    const ended = this.#ends.reasonAgainst(token)
    if (ended !== null) throw new TcsError(ended)
    const holder = this.#holders.get(token.jti)
    if (holder !== undefined && !mayHold(holder)) throw new TcsError('token-in-use')
  }

  #forget(peer: Peer): void {
    this.#peers.delete(peer)
    this.#options.rooms.find(peer.mid, peer.msid)?.remove(peer, 'lost')
    peer.close()
    peer.account.disconnect()
    if (this.#holders.get(peer.jti) === peer) this.#holders.delete(peer.jti)
  }
}
