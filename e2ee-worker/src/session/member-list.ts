/** The list of members as the page may show it: from verified tokens and our own keys, never from the TCS. */
import type { Member, WorkerEvent } from '../protocol.ts'
import type { Peer } from './peer.ts'

export class MemberList {
  readonly #emit: (event: WorkerEvent) => void
  #shown = '[]'

  constructor(emit: (event: WorkerEvent) => void) {
    this.#emit = emit
  }

  /** `generation` is that of our current sender key; who acknowledged it can decrypt us. */
  show(peers: readonly Peer[], generation: number | null): void {
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
