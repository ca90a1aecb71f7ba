/**
 * Chat whose key has not come yet: it waits, in order and not for long, while the key is asked for.
 */
import { decodeKid } from '../../keys/kid.ts'
import type { Bytes } from '../../wire.ts'
import type { MemberId } from '../../protocol.ts'
import { decodeHeader } from '../../sframe/header.ts'
import type { Cancel } from '../../clock.ts'
import type { Peer } from '../members/member.ts'
import type { Room } from '../context.ts'

const MAX_HELD = 32
const HOLD_MS = 10_000
const LOOK_EVERY_MS = 2000

/** False when its key is missing. */
type Open = (peer: Peer, sealed: Bytes) => Promise<boolean>

interface Held {
  readonly sealed: Bytes
  readonly kid: bigint
  readonly until: number
}

interface Waiting {
  readonly peer: Peer
  readonly messages: Held[]
  cancel: Cancel
}

export class HeldChat {
  readonly #room: Room
  readonly #open: Open
  readonly #waiting = new Map<MemberId, Waiting>()

  constructor(room: Room, open: Open) {
    this.#room = room
    this.#open = open
  }

  /**
   * Opens what can be opened; what cannot yet, or comes after such a message, waits.
   * @throws E2eeError E_SHORT, E_LEN or E_NO_KEY for what no sender can have sealed.
   */
  async take(peer: Peer, sealed: Bytes): Promise<void> {
    const { kid } = decodeHeader(sealed)
    decodeKid(kid)
    const before = this.#of(peer)
    if (before === null && (await this.#open(peer, sealed))) return
    // Written before we were let in: not for us, and no loss.
    if (peer.keys.predates(kid)) return
    const waiting = before ?? this.#begin(peer)
    if (waiting.messages.length >= MAX_HELD) {
      this.#room.warn('E_NO_KEY', peer.memberId)
      return
    }
    waiting.messages.push({ sealed, kid, until: this.#room.clock.now() + HOLD_MS })
    await this.#room.requestKey(peer)
  }

  /** A key came: opens what waited for it, up to the first message that still lacks its own. */
  async open(memberId: MemberId): Promise<void> {
    const { clock, members } = this.#room
    const waiting = this.#waiting.get(memberId)
    if (waiting === undefined) return
    const { peer, messages } = waiting
    const isHere = members.get(memberId) === peer
    for (let next = messages[0]; next; next = messages[0]) {
      const opened = isHere && (await this.#open(peer, next.sealed))
      if (!opened && !peer.keys.predates(next.kid)) {
        if (isHere && clock.now() < next.until) return
        this.#room.warn('E_NO_KEY', memberId)
      }
      messages.shift()
    }
    this.#end(memberId)
  }

  close(): void {
    for (const memberId of [...this.#waiting.keys()]) this.#end(memberId)
  }

  /** Null as well for an earlier stay of the same member, whose messages are then lost. */
  #of(peer: Peer): Waiting | null {
    const waiting = this.#waiting.get(peer.memberId)
    if (waiting === undefined || waiting.peer === peer) return waiting ?? null
    this.#room.warn('E_NO_KEY', peer.memberId)
    this.#end(peer.memberId)
    return null
  }

  #begin(peer: Peer): Waiting {
    const waiting = { peer, messages: [], cancel: this.#lookLater(peer) }
    this.#waiting.set(peer.memberId, waiting)
    return waiting
  }

  #end(memberId: MemberId): void {
    this.#waiting.get(memberId)?.cancel()
    this.#waiting.delete(memberId)
  }

  /** Asks again for the key, and gives up what has waited long enough. */
  #lookLater(peer: Peer): Cancel {
    return this.#room.clock.setTimer(LOOK_EVERY_MS, () => {
      this.#room.run(async () => {
        const waiting = this.#waiting.get(peer.memberId)
        if (waiting?.peer !== peer) return
        waiting.cancel = this.#lookLater(peer)
        await this.open(peer.memberId)
        if (this.#waiting.has(peer.memberId)) await this.#room.requestKey(peer)
      })
    })
  }
}
