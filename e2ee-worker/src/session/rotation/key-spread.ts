/** Spreads one key at a time: to the members, again to those who miss it, and into use once enough of them hold it. */
import type { Sender } from '../../keys/sender.ts'
import type { Cancel, Clock } from '../../clock.ts'
import type { Member } from '../members/member.ts'
import type { PendingKey, SpreadKey } from './pending-key.ts'

/** So long without any acknowledgement, and the key is sent again: it was lost, or the TCS keeps it back. */
const RESEND_MS = 2000

export interface SpreadHost {
  readonly clock: Clock
  readonly sender: Sender
  /** Members who may be given keys now. */
  recipients(): readonly Member[]
  send(members: readonly Member[], key: SpreadKey): Promise<void>
  /** Runs a task later in the session's order, unless it has ended. */
  timer(ms: number, task: () => Promise<void>): Cancel
  /** The key is in use. */
  used(pending: PendingKey): void
  /** Nothing is sent any longer, until the key is in use. */
  silenced(): void
}

export class KeySpread {
  readonly #host: SpreadHost
  #pending: PendingKey | null = null

  constructor(host: SpreadHost) {
    this.#host = host
  }

  /** The key on its way. */
  get pending(): PendingKey | null {
    return this.#pending
  }

  async begin(pending: PendingKey, members: readonly Member[], limitMs: number): Promise<void> {
    pending.cancel = this.#host.timer(limitMs, () => this.#timeUp(pending))
    this.#pending = pending
    await this.give(pending, members)
    await this.#settle(pending)
  }

  async give(pending: PendingKey, members: readonly Member[]): Promise<void> {
    for (const member of members) pending.expect(member.memberId)
    await this.#host.send(members, pending.key)
  }

  async acknowledged(member: Member, gen: number, step: number): Promise<void> {
    const pending = this.#pending
    if (pending?.key.gen !== gen || pending.key.step !== step) return
    pending.acknowledge(member.memberId)
    await this.#settle(pending)
  }

  /** Nobody waits for those who are gone. */
  async left(gone: readonly Member[]): Promise<void> {
    const pending = this.#pending
    const awaited = gone.filter((member) => pending?.leave(member.memberId))
    if (pending && awaited.length > 0) await this.#settle(pending)
  }

  /** Makes way for a newer generation. */
  async makeWay(): Promise<void> {
    const pending = this.#pending
    if (pending === null) return
    // A key already on its way goes into use first: it excludes those who left before it was made.
    if (pending.stalled) this.close()
    else await this.#switch(pending)
  }

  close(): void {
    this.#pending?.cancel()
    this.#pending?.chain?.erase()
    this.#pending = null
  }

  async #settle(pending: PendingKey): Promise<void> {
    if (this.#pending !== pending) return
    if (pending.complete || (pending.stalled && pending.mostHaveIt)) await this.#switch(pending)
  }

  async #timeUp(pending: PendingKey): Promise<void> {
    if (this.#pending !== pending) return
    if (!pending.key.hard || pending.mostHaveIt) {
      await this.#switch(pending)
      return
    }
    // Somebody was excluded and most members lack the new key: better silence than the old key.
    pending.stalled = true
    const { sender } = this.#host
    sender.current?.erase()
    sender.current = null
    this.#host.silenced()
    this.#retryLater(pending)
  }

  /** As long as acknowledgements come, the others are on their way: a second key would only be in their way. */
  #retryLater(pending: PendingKey, holders = pending.holders): void {
    pending.cancel = this.#host.timer(RESEND_MS, () =>
      this.#retry(pending, pending.holders > holders),
    )
  }

  async #retry(pending: PendingKey, underWay: boolean): Promise<void> {
    if (this.#pending !== pending) return
    const missing = this.#host.recipients().filter((member) => pending.waitsFor(member.memberId))
    if (!underWay) await this.#host.send(missing, pending.key)
    this.#retryLater(pending)
  }

  async #switch(pending: PendingKey): Promise<void> {
    pending.cancel()
    this.#pending = null
    const { sender, clock } = this.#host
    if (pending.chain === null) await sender.current?.activate()
    else sender.use(pending.chain, clock.now())
    pending.key.baseKey.fill(0)
    this.#host.used(pending)
  }
}
