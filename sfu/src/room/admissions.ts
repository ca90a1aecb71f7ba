/** Who is admitted: one live connection for each token, and none for those whose access has ended. */
import { AccessEnds, type EndedAccess } from '../door/access-ends.ts'
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
  /** Ends the relay's allocations of these people, and the credentials that were minted for more. */
  readonly revokeRelay: (end: EndedAccess) => void
}

export class Admissions {
  readonly #options: AdmissionsOptions
  /** One live connection for each token. */
  readonly #holders = new Map<string, Peer>()
  readonly #ends: AccessEnds

  constructor(options: AdmissionsOptions) {
    this.#options = options
    this.#ends = new AccessEnds(options.now)
  }

  /** @throws {TcsError} the reason why access ended, `token-in-use` or `room-full`. */
  admit(caller: Caller, channel: Channel): { readonly peer: Peer; readonly room: Room } {
    const ended = this.#ends.reasonAgainst(caller)
    if (ended !== null) throw new TcsError(ended)
    const holder = this.#holders.get(caller.jti)
    if (holder !== undefined && holder.id !== caller.peerId) throw new TcsError('token-in-use')
    const { rooms, limits, now } = this.#options
    const room = rooms.open(caller.mid, caller.msid)
    const peer = new Peer(caller, channel, limits, now)
    room.admit(peer)
    this.#holders.set(caller.jti, peer)
    const refuse = channel.guarded(() => {
      if (!peer.joined) channel.close('too-slow')
    })
    const late = setTimeout(refuse, limits.joinTimeoutMs)
    channel.onClose(() => {
      clearTimeout(late)
      room.remove(peer, 'lost')
      if (this.#holders.get(caller.jti) === peer) this.#holders.delete(caller.jti)
    })
    return { peer, room }
  }

  /** Refuses every token of this scope from before `atMs`, and ends the connections made with one. */
  endAccess(end: EndedAccess): void {
    this.#ends.add(end)
    const { rooms, revokeRelay } = this.#options
    for (const peer of this.#holders.values()) {
      if (this.#ends.reasonAgainst(peer) === null) continue
      // Nobody need wait whether it comes back, as for a connection that is cut.
      rooms.find(peer.mid, peer.msid)?.remove(peer, 'left')
      peer.channel.close(end.reason)
    }
    revokeRelay(end)
  }
}
