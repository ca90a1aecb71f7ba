/**
 * When our sender key changes and who is given the next one first (docs/protocol.md, "When keys change").
 *
 * Make before break: a new key is spread, and used once everybody acknowledged it or the time is up.
 */
import { MAX_STEP } from '../../keys/kid.ts'
import { SendChain } from '../../keys/send-chain.ts'
import type { Sender } from '../../keys/sender.ts'
import type { MemberId, StreamDescriptor } from '../../protocol.ts'
import type { Cancel, Clock } from '../../clock.ts'
import type { Member } from '../members/member.ts'
import { KeySpread } from './key-spread.ts'
import { PendingKey, keyOf, noteGiven, sameStream } from './pending-key.ts'
import type { KeyToSend, SpreadKey } from './pending-key.ts'

const STEP_EVERY_MS = 60_000
const MAX_KEY_AGE_MS = 15 * 60_000
/** How long acknowledgements may take before the switch happens without them. */
const JOIN_SWITCH_MS = 300
const LEAVE_SWITCH_MS = 1000
const HARD_SWITCH_MS = 300

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
  readonly #spreading: KeySpread
  #lastGen = -1
  #cancelJoin: Cancel | null = null
  #cancelLeave: Cancel | null = null
  #cancelTick: Cancel | null = null
  #onSwitch: (() => void)[] = []
  #closed = false

  constructor(host: RotationHost) {
    this.#host = host
    this.#spreading = new KeySpread({
      ...{ clock: host.clock, sender: host.sender, recipients: () => host.recipients() },
      send: (members, key) => this.#send(members, key),
      timer: (ms, task) => this.#timer(ms, task),
      used: (pending) => this.#used(pending),
      silenced: () => host.switched(false),
    })
  }

  get #pending(): PendingKey | null {
    return this.#spreading.pending
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
      await this.#spreading.give(this.#pending, [member])
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
    await this.#spreading.left(gone)
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
    await this.#spreading.acknowledged(member, gen, step)
  }

  /** Answers a member that misses our key; one that was never given it is served as a newcomer. */
  async resend(member: Member): Promise<void> {
    if (!this.#mayHaveKeys(member)) return
    const pending = this.#pending
    if (pending?.waitsFor(member.memberId)) {
      await this.#spreading.give(pending, [member])
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
    this.#spreading.close()
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
    await this.#spreading.makeWay()
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
    for (const member of members) this.#joiners.delete(member)
    await this.#spreading.begin(pending, members, limitMs)
  }

  async #send(members: readonly Member[], key: SpreadKey): Promise<void> {
    for (const member of members) noteGiven(member, key)
    await this.#host.sendKey(members, { ...key, streams: this.#streams })
  }

  #used(pending: PendingKey): void {
    if (pending.chain !== null && this.#cancelTick === null) this.#armTick(STEP_EVERY_MS)
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
