/** Carries sealed key messages between the worker and the TCS, in order, and tells the worker who is there. */
import type { Notice, WorkerEvent } from '@huisclos/e2ee-worker/protocol'
import type { PeerId } from '@huisclos/sfu/protocol'
import type { Ask } from './signal.ts'

type Sealed = Pick<Extract<WorkerEvent, { type: 'send' }>, 'to' | 'bytes'>

/** More than this without a connection is not worth keeping: coming back makes new keys anyway. */
const LONGEST_QUEUE = 2_000

export class Keyring {
  readonly #notice: (notice: Notice) => void
  #ask: Ask | null = null
  #queue: Sealed[] = []

  constructor(notice: (notice: Notice) => void) {
    this.#notice = notice
  }

  /** From the worker. While there is no connection messages wait, because envelopes are numbered per pair. */
  send(sealed: Sealed): void {
    if (this.#ask === null) {
      this.#queue.push(sealed)
      if (this.#queue.length > LONGEST_QUEUE) this.#queue.shift()
      return
    }
    // The socket keeps the order; waiting for each answer would cost one round trip per member.
    this.#ask('relay', { to: sealed.to as string as PeerId | '*', bytes: sealed.bytes }).catch(
      () => undefined, // A member that has just gone needs no key; anything else the protocol repairs.
    )
  }

  /** The room has been entered: who is there, then what waited. */
  connected(ask: Ask, peers: readonly PeerId[]): void {
    this.#ask = ask
    this.#notice({ type: 'roster', memberIds: peers })
    const waiting = this.#queue
    this.#queue = []
    for (const sealed of waiting) this.send(sealed)
  }

  cut(): void {
    if (this.#ask !== null) this.#notice({ type: 'cut' })
    this.#ask = null
  }

  relayed(from: PeerId, bytes: Uint8Array): void {
    this.#notice({ type: 'signal', from, bytes })
  }

  joined(peerId: PeerId): void {
    this.#notice({ type: 'joined', memberId: peerId })
  }

  departed(peerId: PeerId, reason: 'left' | 'lost'): void {
    this.#notice({ type: 'departed', memberId: peerId, reason })
  }
}
