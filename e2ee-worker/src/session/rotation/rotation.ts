/**
 * When our sender key changes and who is given the next one first (docs/protocol.md, "When keys change").
 *
 * Make before break: a new key is spread, and used once everybody acknowledged it or the time is up.
 */
import { MAX_STEP } from '../../keys/kid.ts'
import { SendChain, type Sender } from '../../keys/send-chain.ts'
import type { Bytes } from '../../wire.ts'
import type { MemberId, StreamDescriptor } from '../../protocol.ts'
import type { Cancel, Clock } from '../../clock.ts'
import type { Member } from '../members/member.ts'
import { PendingKey, noteGiven, sameStream } from './pending-key.ts'
import type { KeyToSend, SpreadKey } from './pending-key.ts'

const STEP_EVERY_MS = 60_000
const MAX_KEY_AGE_MS = 15 * 60_000
/** How long acknowledgements may take before the switch happens without them. */
const JOIN_SWITCH_MS = 300
const LEAVE_SWITCH_MS = 1000
const HARD_SWITCH_MS = 300
/** So long without any acknowledgement, and the key is sent again: it was lost, or the TCS keeps it back. */
const RESEND_MS = 2000

export interface RotationHost {
  readonly clock: Clock
  readonly memberId: MemberId
  readonly sender: Sender
  /** Members who may be given keys now. */
  recipients(): readonly Member[]
  sendKey(members: readonly Member[], key: KeyToSend): Promise<void>
  /** Runs a task in the session's order. */
  run(task: () => Promise<void>): void
  /** The new key is in use; `newcomers` says whether somebody cannot show our video yet. */
  switched(newcomers: boolean): void
}

export class Rotation {
  readonly #host: RotationHost
  readonly #joiners = new Set<Member>()
  #streams: readonly StreamDescriptor[] = []
  #pending: PendingKey | null = null
  #lastGen = -1
  #cancelJoin: Cancel | null = null
  #cancelLeave: Cancel | null = null
  #cancelTick: Cancel | null = null
  #onSwitch: (() => void)[] = []
  #closed = false

  constructor(host: RotationHost) {
    this.#host = host
  }

  get streams(): readonly StreamDescriptor[] {
    return this.#streams
  }

  /** Announces what we are about to send; `done` is called once its key is in use. */
  async publish(streams: readonly StreamDescriptor[], done: () => void): Promise<void> {
    if (this.#pending) {
      this.#onSwitch.push(() => this.#host.run(() => this.publish(streams, done)))
      return
    }
    const known = streams.every((stream) => this.#streams.some((old) => sameStream(old, stream)))
    this.#streams = streams
    const chain = this.#host.sender.current
    if (streams.length === 0 || (chain && known)) {
      done()
      return
    }
    this.#onSwitch.push(done)
    if (chain && chain.step < MAX_STEP) {
      await this.#spreadStep(chain, this.#host.recipients(), LEAVE_SWITCH_MS)
    } else {
      await this.#spreadGeneration(false)
    }
  }

  /** What is written now is for everybody who is in, and for nobody who is being shut out. */
  get isReady(): boolean {
    return this.#host.sender.current !== null && !this.#pending?.chain
  }

  /**
   * Calls `done` once there is a key for what we want to write: the one in use, a first one, or the one that is about to
   * shut somebody out.
   */
  async ready(done: () => void): Promise<void> {
    if (this.isReady) {
      done()
      return
    }
    this.#onSwitch.push(done)
    if (this.#pending === null) await this.#spreadGeneration(false)
  }

  /** Somebody may read us from now on, but nothing sealed before. */
  async join(member: Member): Promise<void> {
    if (!this.#mayHaveKeys(member)) return
    if (this.#pending) {
      // The pending key has sealed nothing yet, so the newcomer learns no earlier frame from it.
      await this.#give(this.#pending, [member])
      this.#pending.newcomers = true
      return
    }
    if (this.#host.sender.current === null) return
    this.#joiners.add(member)
    const coalesceMs = this.#host.recipients().length > 50 ? 1000 : 250
    this.#cancelJoin ??= this.#timer(coalesceMs, () => this.#admitJoiners())
  }

  /** Some are gone: at once when excluded, else after waiting for others who leave at the same time. */
  async left(gone: readonly Member[], hard: boolean): Promise<void> {
    for (const member of gone) this.#joiners.delete(member)
    const awaited = gone.filter((member) => this.#pending?.leave(member.memberId))
    if (this.#pending && awaited.length > 0) await this.#settle(this.#pending)
    const mayRead = this.#host.sender.current !== null || this.#pending !== null
    if (gone.length === 0 || !mayRead) return
    if (hard) {
      await this.#spreadGeneration(true)
      return
    }
    const members = this.#host.recipients().length
    const coalesceMs = members <= 50 ? 500 : members <= 300 ? 1000 : 5000
    this.#cancelLeave ??= this.#timer(coalesceMs, () => this.#spreadGeneration(false))
  }

  async acknowledged(member: Member, gen: number, step: number): Promise<void> {
    if (member.given.get(gen) !== step) return
    member.acked.set(gen, step)
    const pending = this.#pending
    if (pending?.key.gen !== gen || pending.key.step !== step) return
    pending.acknowledge(member.memberId)
    await this.#settle(pending)
  }

  /** Answers a member that misses our key; one that was never given it is served as a newcomer. */
  async resend(member: Member): Promise<void> {
    if (!this.#mayHaveKeys(member)) return
    const pending = this.#pending
    if (pending?.waitsFor(member.memberId)) {
      await this.#give(pending, [member])
      return
    }
    const chain = this.#host.sender.current
    if (chain === null || this.#joiners.has(member)) return
    const entitled = member.given.get(chain.gen)
    if (entitled === undefined || entitled > chain.step) await this.join(member)
    else await this.#send([member], { ...keyOf(chain), hard: false })
  }

  close(): void {
    this.#closed = true
    for (const cancel of [this.#cancelJoin, this.#cancelLeave, this.#cancelTick]) cancel?.()
    this.#pending?.cancel()
    this.#pending?.chain?.erase()
    this.#pending = null
    this.#host.sender.current?.erase()
    this.#host.sender.current = null
    for (const done of this.#onSwitch.splice(0)) done()
  }

  #mayHaveKeys(member: Member): boolean {
    return this.#host.recipients().includes(member)
  }

  async #admitJoiners(): Promise<void> {
    this.#cancelJoin = null
    const joiners = [...this.#joiners]
    const chain = this.#host.sender.current
    if (joiners.length === 0 || chain === null || this.#pending) return
    if (chain.step >= MAX_STEP) await this.#spreadGeneration(false)
    else await this.#spreadStep(chain, joiners, JOIN_SWITCH_MS)
  }

  async #tick(): Promise<void> {
    // A key on its way goes into use first; what time asks for is done right after it.
    this.#armTick(this.#pending ? LEAVE_SWITCH_MS : STEP_EVERY_MS)
    const chain = this.#host.sender.current
    if (chain === null || this.#pending) return
    // The next tick is a minute away, and would find a key that is too old.
    const ageAtNextMs = this.#host.clock.now() - this.#host.sender.since + STEP_EVERY_MS
    if (ageAtNextMs > MAX_KEY_AGE_MS || chain.exhausted) {
      await this.#spreadGeneration(false)
    } else {
      // Receivers follow the KID, so nobody needs to be told.
      await chain.ratchet()
    }
  }

  async #spreadStep(chain: SendChain, members: readonly Member[], limitMs: number): Promise<void> {
    const { step, baseKey } = await chain.prepareNext()
    await this.#spread(
      { key: { gen: chain.gen, step, baseKey, hard: false }, chain: null },
      members,
      limitMs,
    )
  }

  async #spreadGeneration(hard: boolean): Promise<void> {
    this.#cancelLeave?.()
    this.#cancelLeave = null
    // A key already on its way goes into use first: it excludes those who left before it was made.
    if (this.#pending) await this.#replace(this.#pending)
    const chain = await SendChain.create(this.#lastGen + 1, this.#host.memberId)
    this.#lastGen = chain.gen
    const limitMs = hard ? HARD_SWITCH_MS : LEAVE_SWITCH_MS
    const key = { ...keyOf(chain), hard }
    await this.#spread({ key, chain }, this.#host.recipients(), limitMs)
  }

  async #spread(
    next: { readonly key: SpreadKey; readonly chain: SendChain | null },
    members: readonly Member[],
    limitMs: number,
  ): Promise<void> {
    const pending = new PendingKey(next.key, next.chain)
    pending.newcomers = members.some((member) => this.#joiners.has(member))
    pending.cancel = this.#timer(limitMs, () => this.#timeUp(pending))
    this.#pending = pending
    for (const member of members) this.#joiners.delete(member)
    await this.#give(pending, members)
    await this.#settle(pending)
  }

  async #give(pending: PendingKey, members: readonly Member[]): Promise<void> {
    for (const member of members) pending.expect(member.memberId)
    await this.#send(members, pending.key)
  }

  async #send(members: readonly Member[], key: SpreadKey): Promise<void> {
    for (const member of members) noteGiven(member, key)
    await this.#host.sendKey(members, { ...key, streams: this.#streams })
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
    this.#host.sender.current?.erase()
    this.#host.sender.current = null
    this.#host.switched(false)
    this.#retryLater(pending)
  }

  /** As long as acknowledgements come, the others are on their way: a second key would only be in their way. */
  #retryLater(pending: PendingKey, holders = pending.holders): void {
    pending.cancel = this.#timer(RESEND_MS, () => this.#retry(pending, pending.holders > holders))
  }

  async #retry(pending: PendingKey, underWay: boolean): Promise<void> {
    if (this.#pending !== pending) return
    const missing = this.#host.recipients().filter((member) => pending.waitsFor(member.memberId))
    if (!underWay) await this.#send(missing, pending.key)
    this.#retryLater(pending)
  }

  /** Makes way for a newer generation. */
  async #replace(pending: PendingKey): Promise<void> {
    if (!pending.stalled) {
      await this.#switch(pending)
      return
    }
    pending.cancel()
    pending.chain?.erase()
    this.#pending = null
  }

  async #switch(pending: PendingKey): Promise<void> {
    pending.cancel()
    this.#pending = null
    const { sender, clock } = this.#host
    if (pending.chain === null) {
      await sender.current?.activate()
    } else {
      sender.use(pending.chain, clock.now())
      if (this.#cancelTick === null) this.#armTick(STEP_EVERY_MS)
    }
    pending.key.baseKey.fill(0)
    this.#host.switched(pending.newcomers)
    for (const done of this.#onSwitch.splice(0)) done()
  }

  #armTick(ms: number): void {
    this.#cancelTick = this.#timer(ms, () => this.#tick())
  }

  #timer(ms: number, task: () => Promise<void>): Cancel {
    return this.#host.clock.setTimer(ms, () => {
      this.#host.run(() => (this.#closed ? Promise.resolve() : task()))
    })
  }
}

function keyOf(chain: SendChain): { gen: number; step: number; baseKey: Bytes } {
  return { gen: chain.gen, step: chain.step, baseKey: chain.baseKey() }
}
