/** Finds, opens and closes rooms: one for each meeting session. */
import type { ForwardingEvents, RoomForwarding } from './forwarding.ts'
import type { Peer } from './peer.ts'
import { Room } from './room.ts'

export interface RoomsOptions {
  readonly openForwarding: (events: ForwardingEvents) => RoomForwarding
  readonly maxPeers: number
  readonly maxDevices: number
  /** Told of who comes into a room, and of who is no longer in it. */
  readonly presence?: { came(peer: Peer): void; went(peer: Peer): void }
}

export class Rooms {
  readonly #options: RoomsOptions
  readonly #rooms = new Map<string, Room>()

  constructor(options: RoomsOptions) {
    this.#options = options
  }

  /** Those with somebody in them. */
  get size(): number {
    return [...this.#rooms.values()].filter((room) => room.size > 0).length
  }

  get peers(): number {
    return Array.from(this.#rooms.values(), (room) => room.size).reduce((sum, one) => sum + one, 0)
  }

  /** The room of this session, opened when it is not yet. It closes when nobody is in it or waits. */
  open(mid: string, msid: string): Room {
    return this.find(mid, msid) ?? this.#create(keyOf(mid, msid))
  }

  /** The room of this session, when somebody is in it or waits with media of it. */
  find(mid: string, msid: string): Room | undefined {
    return this.#rooms.get(keyOf(mid, msid))
  }

  #create(key: string): Room {
    const room = new Room({ ...this.#options, onEmpty: () => this.#rooms.delete(key) })
    this.#rooms.set(key, room)
    return room
  }
}

function keyOf(mid: string, msid: string): string {
  return JSON.stringify([mid, msid])
}
