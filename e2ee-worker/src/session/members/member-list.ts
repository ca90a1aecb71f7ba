/** The list of members as the page may show it: from verified tokens and our own keys, never from the TCS. */
import type { Member as ShownMember, WorkerEvent } from '../../protocol.ts'
import type { Member } from './member.ts'

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
  show(members: readonly Member[], generation: number | null, now: number): void {
    this.#shownAt = now
    const shown = members.map((member): ShownMember => {
      const { sub, name, role, prm } = member.hello.claims
      const canDecrypt = generation !== null && member.acked.has(generation)
      const { memberId, streams, state, verification } = member
      return { memberId, sub, name, role, prm, streams, canDecrypt, state, verification }
    })
    const text = JSON.stringify(shown)
    if (text === this.#shown) return
    this.#shown = text
    this.#emit({ type: 'members', members: shown })
  }
}
