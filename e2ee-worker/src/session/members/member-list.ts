/** The list of members as the page may show it: from verified tokens and our own keys, never from the TCS. */
import type { Member, WorkerEvent } from '../../protocol.ts'
import type { Peer } from './member.ts'

/** Up to so many members a change is shown at once. */
const SMALL_MEETING = 20
/**
 * Beyond that the list comes no more often than this: after a change of keys acknowledgements come by the hundred, and each
 * list costs worker and page as much as the meeting is large.
 */
const SHOW_EVERY_MS = 100

export class MemberList {
  readonly #emit: (event: WorkerEvent) => void
  #shown = '[]'
  #shownAt = Number.NEGATIVE_INFINITY

  constructor(emit: (event: WorkerEvent) => void) {
    this.#emit = emit
  }

  /** How long a list of so many should wait for what else changes. */
  waitMs(count: number, now: number): number {
    return count <= SMALL_MEETING ? 0 : Math.max(0, this.#shownAt + SHOW_EVERY_MS - now)
  }

  /** `generation` is that of our current sender key; who acknowledged it can decrypt us. */
  show(peers: readonly Peer[], generation: number | null, now: number): void {
    this.#shownAt = now
    const members = peers.map((peer): Member => {
      const { sub, name, role, prm } = peer.hello.claims
      const canDecrypt = generation !== null && peer.acked.has(generation)
      const { memberId, streams, state, verification } = peer
      return { memberId, sub, name, role, prm, streams, canDecrypt, state, verification }
    })
    const shown = JSON.stringify(members)
    if (shown === this.#shown) return
    this.#shown = shown
    this.#emit({ type: 'members', members })
  }
}
