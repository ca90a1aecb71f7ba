/** Who is admitted: one live connection for each token, and none for those who were put out. */
import { Exclusions } from '../door/exclusions.ts'
import type { Caller } from '../door/proof.ts'
import { TcsError } from '../errors.ts'
import type { Limits } from '../limits.ts'
import type { Channel } from '../wire/channel.ts'
import { Peer } from './peer.ts'
import type { Room } from './room.ts'
import type { Rooms } from './rooms.ts'

export interface AdmissionsOptions {
  readonly rooms: Rooms
  readonly limits: Limits
  readonly now: () => number
  /** Ends the relay's allocations of this member and lets it make no further one. */
  readonly revokeRelay: (member: string, session: string) => void
}

export class Admissions {
  readonly #options: AdmissionsOptions
  /** One live connection for each token. */
  readonly #holders = new Map<string, Peer>()
  readonly #exclusions: Exclusions

  constructor(options: AdmissionsOptions) {
    this.#options = options
    this.#exclusions = new Exclusions(options.now)
  }

  /** @throws {TcsError} `removed`, `token-in-use` or `room-full`. */
  admit(caller: Caller, channel: Channel): { readonly peer: Peer; readonly room: Room } {
    if (this.#exclusions.covers(caller)) throw new TcsError('removed')
    const holder = this.#holders.get(caller.jti)
    if (holder !== undefined && holder.id !== caller.peerId) throw new TcsError('token-in-use')
    const { rooms, limits, now } = this.#options
    const room = rooms.open(caller.mid, caller.msid)
    const peer = new Peer(caller, channel, limits, now)
    room.admit(peer)
    this.#holders.set(caller.jti, peer)
    const late = setTimeout(() => {
      if (!peer.joined) channel.close('too-slow')
    }, limits.joinTimeoutMs)
    channel.onClose(() => {
      clearTimeout(late)
      room.remove(peer, 'lost')
      if (this.#holders.get(caller.jti) === peer) this.#holders.delete(caller.jti)
    })
    return { peer, room }
  }

  /** Ends the connections of an account in a meeting, and refuses its tokens from before `atMs`. */
  exclude(mid: string, sub: string, atMs: number): void {
    this.#exclusions.add(mid, sub, atMs)
    const { rooms, revokeRelay } = this.#options
    for (const peer of this.#holders.values()) {
      if (peer.mid !== mid || peer.sub !== sub) continue
      // Nobody need wait whether it comes back, as for a connection that is cut.
      rooms.find(peer.mid, peer.msid)?.remove(peer, 'left')
      peer.channel.close('removed')
      revokeRelay(peer.id, peer.msid)
    }
  }
}
