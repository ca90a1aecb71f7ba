/** What time does to a session: cut-off members, expired tokens, replayed HELLOs, and our own renewal. */
import type { Cancel } from '../../clock.ts'
import type { Peer } from '../members/member.ts'
import type { Room } from '../context.ts'

const SWEEP_MS = 5000
const LOST_MS = 15_000
/** A HELLO whose sender never shows that it holds the key is a replay. */
const GHOST_MS = 60_000
const RENEW_AFTER_MS = 10 * 60_000

export class Upkeep {
  readonly #room: Room
  #cancel: Cancel

  constructor(room: Room) {
    this.#room = room
    this.#cancel = this.#sweepLater()
  }

  /** The member's connection was cut; it may come back. */
  lost(peer: Peer): void {
    if (peer.state === 'lost') return
    this.#room.members.setState(peer, 'lost')
    peer.cancelLost = this.#room.clock.setTimer(LOST_MS, () => {
      // It may have come back while this waited for its turn.
      this.#room.run(() => (peer.state === 'lost' ? this.#room.remove([peer], false) : undefined))
    })
  }

  back(peer: Peer): void {
    this.#room.members.setState(peer, 'verified')
    peer.cancelLost?.()
    peer.cancelLost = null
  }

  close(): void {
    this.#cancel()
  }

  async #sweep(): Promise<void> {
    const { clock, me, members } = this.#room
    const now = clock.now()
    me.forgetExpired(now)
    for (const peer of members.all()) {
      peer.forgetExpired(now)
      peer.keys.sweep()
    }
    const expired = members.all().filter((peer) => !this.#room.alive(peer))
    const ghosts = members.all().filter((peer) => this.#isGhost(peer, now - peer.admittedAt))
    await this.#room.remove([...expired, ...ghosts], expired.length > 0)
    if (now - me.current.madeAt >= RENEW_AFTER_MS) this.#room.needToken()
  }

  /** What would have shown that it holds its key may have been lost, so it is asked before it is given up. */
  #isGhost({ confirmed, memberId }: Peer, ageMs: number): boolean {
    if (confirmed || ageMs < SWEEP_MS) return false
    if (ageMs < GHOST_MS) this.#room.greeting.again(memberId)
    return ageMs >= GHOST_MS
  }

  #sweepLater(): Cancel {
    return this.#room.clock.setTimer(SWEEP_MS, () => {
      this.#cancel = this.#sweepLater()
      this.#room.run(() => this.#sweep())
    })
  }
}
