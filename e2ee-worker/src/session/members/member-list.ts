/** The list of members as the page may show it: from verified tokens and our own keys, never from the TCS. */
import type { WorkerEvent } from '../../events.ts'
import type { Member as ShownMember } from '../../protocol.ts'
import type { Clock } from '../../clock.ts'
import type { Sender } from '../../keys/sender.ts'
import type { Member } from './member.ts'
import type { Members } from './members.ts'

/** Up to so many members a change is shown at once. */
const SMALL_MEETING = 20
/**
 * Beyond that the list comes no more often than this: after a change of keys acknowledgements come by the hundred, and each
 * list costs worker and page as much as the meeting is large.
 */
const SHOW_EVERY_MS = 100

export interface MemberListHost {
  readonly clock: Clock
  readonly members: Members
  readonly sender: Pick<Sender, 'current'>
  /** Runs what changes nothing, in the session's order. */
  readonly tasks: { observe(task: () => void): void }
}

export class MemberList {
  readonly #host: MemberListHost
  readonly #emit: (event: WorkerEvent) => void
  #shown = '[]'
  #shownAt = Number.NEGATIVE_INFINITY
  #waiting = false

  constructor(host: MemberListHost, emit: (event: WorkerEvent) => void) {
    this.#host = host
    this.#emit = emit
  }

  /** Something may have changed: the list is shown soon, once for all that waits by then. */
  settle(): void {
    if (this.#waiting) return
    this.#waiting = true
    const { clock, members } = this.#host
    const waitMs = members.size <= SMALL_MEETING ? 0 : this.#shownAt + SHOW_EVERY_MS - clock.now()
    if (waitMs > 0) clock.setTimer(waitMs, () => this.#showLater())
    else this.#showLater()
  }

  #showLater(): void {
    this.#host.tasks.observe(() => {
      this.#waiting = false
      this.#show(this.#host.members.all(), this.#host.sender.current?.gen ?? null)
    })
  }

  /** `generation` is that of our current sender key; who acknowledged it can decrypt us. */
  #show(members: readonly Member[], generation: number | null): void {
    this.#shownAt = this.#host.clock.now()
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
