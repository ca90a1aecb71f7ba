/**
 * Says that we are here and how far we have sent; notices who says so no longer, and whose media do not arrive.
 */
import type { Sender } from '../../keys/send-chain.ts'
import type { Presence as PresenceStatement } from '../../messages/statements.ts'
import type { MemberId } from '../../protocol.ts'
import type { Cancel } from '../../clock.ts'
import type { Member } from '../members/member.ts'
import type { SessionContext } from '../context.ts'

const EVERY_MS = 20_000
/** Above this many members presence is said and missed three times more rarely. */
const MANY = 300
const EVERY_WITH_MANY_MS = 60_000
/** Three presences missed. */
const MISSED = 3
const SWEEP_MS = 5000
/** What a member had sent must have arrived this much later. */
const ARRIVAL_MS = 5000
/** Counters that may be missing: layers not chosen for us, loss, and what was on its way when a stream was muted. */
const MISSING_CTRS = 250
/** More frames than any stream brings, all layers together. */
const MAX_FRAMES_PER_MS = 0.25

/** By its signed word this member had sent these streams further than they have arrived; empty when all is well. */
export type HeldBack = (memberId: MemberId, streamIdxs: readonly number[], saidAt: number) => void

interface Heard {
  /** Time without a presence up to the last sweep, not counting what we slept or were cut off ourselves. */
  silentMs: number
  said: { readonly statement: PresenceStatement; readonly at: number } | null
}

export class Presence {
  readonly #context: SessionContext
  readonly #sender: Sender
  readonly #heldBack: HeldBack
  readonly #heard = new WeakMap<Member, Heard>()
  #connected = false
  #sweptAt: number
  #cancelSay: Cancel
  #cancelSweep: Cancel

  constructor(context: SessionContext, sender: Sender, heldBack: HeldBack) {
    this.#context = context
    this.#sender = sender
    this.#heldBack = heldBack
    this.#sweptAt = context.clock.now()
    this.#cancelSay = this.#sayLater()
    this.#cancelSweep = this.#sweepLater()
  }

  /** Whether the page has a connection to the TCS: without one, silence says nothing about the others. */
  connected(connected: boolean): void {
    this.#connected = connected
  }

  async hear(member: Member, statement: PresenceStatement): Promise<void> {
    const { clock, roster } = this.#context
    const heard = this.#of(member)
    heard.silentMs = this.#sweptAt - clock.now()
    // What a blocked member sends is not opened, so nothing of it can be late.
    heard.said = member.blocked ? null : { statement, at: clock.now() }
    if (statement.scope === 0) roster.heard(member.memberId, statement.rosterDigest)
    await member.keys.commitStep(statement.gen, statement.step)
    const newest = member.keys.newest()
    const missing = newest === null || newest.gen < statement.gen
    if (missing && statement.sent.length > 0) await this.#context.requestKey(member)
  }

  close(): void {
    this.#cancelSay()
    this.#cancelSweep()
  }

  async #say(): Promise<void> {
    if (!this.#connected) return
    const { members } = this.#context
    const chain = this.#sender.current
    await this.#context.say({
      ...{ type: 'presence', scope: 0 },
      rosterDigest: await members.digest(),
      rosterCount: members.present,
      ...{ gen: chain?.gen ?? 0, step: chain?.step ?? 0, sent: chain?.sent() ?? [] },
    })
  }

  async #sweep(): Promise<void> {
    const { clock, members } = this.#context
    const now = clock.now()
    // A computer that slept has heard nobody; only time in which we listened counts.
    const elapsedMs = this.#connected ? Math.min(now - this.#sweptAt, 2 * SWEEP_MS) : 0
    const limitMs = MISSED * this.#everyMs()
    const silent: Member[] = []
    for (const member of members.all()) {
      const heard = this.#of(member)
      heard.silentMs += elapsedMs
      if (heard.silentMs >= limitMs) silent.push(member)
      else if (heard.said && !member.blocked && now - heard.said.at >= ARRIVAL_MS)
        this.#compare(member, heard.said, now)
    }
    this.#sweptAt = now
    await this.#context.remove(silent, true)
  }

  #compare(member: Member, said: NonNullable<Heard['said']>, now: number): void {
    const { gen, step, sent } = said.statement
    const ahead = MISSING_CTRS + (now - said.at) * MAX_FRAMES_PER_MS
    const late = sent.filter(
      ({ idx, ctr }) => member.keys.missing(idx, { gen, step, ctr }, ahead) > MISSING_CTRS,
    )
    this.#heldBack(
      member.memberId,
      late.map(({ idx }) => idx),
      said.at,
    )
  }

  #of(member: Member): Heard {
    const known = this.#heard.get(member)
    if (known) return known
    const fresh: Heard = { silentMs: this.#sweptAt - member.admittedAt, said: null }
    this.#heard.set(member, fresh)
    return fresh
  }

  #everyMs(): number {
    return this.#context.members.size > MANY ? EVERY_WITH_MANY_MS : EVERY_MS
  }

  #sayLater(): Cancel {
    return this.#context.clock.setTimer(this.#everyMs(), () => {
      this.#cancelSay = this.#sayLater()
      this.#context.run(() => this.#say())
    })
  }

  #sweepLater(): Cancel {
    return this.#context.clock.setTimer(SWEEP_MS, () => {
      this.#cancelSweep = this.#sweepLater()
      this.#context.run(() => this.#sweep())
    })
  }
}
