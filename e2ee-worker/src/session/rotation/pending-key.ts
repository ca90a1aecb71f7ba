/** A sender key on its way: given to members, acknowledged by some, sealing nothing yet. */
import type { SendChain } from '../../keys/send-chain.ts'
import type { Bytes } from '../../wire.ts'
import type { MemberId, StreamDescriptor } from '../../protocol.ts'
import type { Cancel } from '../../clock.ts'
import type { Member } from '../members/member.ts'

export interface SpreadKey {
  readonly gen: number
  readonly step: number
  readonly baseKey: Bytes
  /** The key before it must not outlive the switch: somebody was excluded. */
  readonly hard: boolean
}

export interface KeyToSend extends SpreadKey {
  readonly streams: readonly StreamDescriptor[]
}

export class PendingKey {
  readonly key: SpreadKey
  /** Set for a new generation, null for a step of the current one. */
  readonly chain: SendChain | null
  /** Whether somebody among the receivers cannot show our video yet. */
  newcomers = false
  /** True while sending has stopped, because an excluded member could read the old key's frames. */
  stalled = false
  cancel: Cancel = () => undefined
  readonly #waiting = new Set<MemberId>()
  readonly #holders = new Set<MemberId>()

  constructor(key: SpreadKey, chain: SendChain | null) {
    this.key = key
    this.chain = chain
  }

  /** Everybody it was given to has acknowledged it. */
  get complete(): boolean {
    return this.#waiting.size === 0
  }

  get mostHaveIt(): boolean {
    return this.#holders.size >= this.#waiting.size
  }

  get holders(): number {
    return this.#holders.size
  }

  waitsFor(memberId: MemberId): boolean {
    return this.#waiting.has(memberId)
  }

  expect(memberId: MemberId): void {
    if (!this.#holders.has(memberId)) this.#waiting.add(memberId)
  }

  acknowledge(memberId: MemberId): void {
    if (this.#waiting.delete(memberId)) this.#holders.add(memberId)
  }

  /** True when this was one of those it was given to. */
  leave(memberId: MemberId): boolean {
    const waited = this.#waiting.delete(memberId)
    return this.#holders.delete(memberId) || waited
  }
}

export function sameStream(a: StreamDescriptor, b: StreamDescriptor): boolean {
  return a.idx === b.idx && a.kind === b.kind && a.codec === b.codec
}

/** Of older keys only the generation before matters: frames of it may still be on their way. */
export function noteGiven(member: Member, key: SpreadKey): void {
  member.given.set(key.gen, key.step)
  for (const gen of member.given.keys()) {
    if (gen >= key.gen - 1) continue
    member.given.delete(gen)
    member.acked.delete(gen)
  }
}

/** What of our own key is given away. */
export function keyOf(chain: SendChain): Omit<SpreadKey, 'hard'> {
  return { gen: chain.gen, step: chain.step, baseKey: chain.baseKey() }
}
