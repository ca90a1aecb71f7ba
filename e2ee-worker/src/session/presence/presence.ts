/**
 * Broadcasts that we are here and how far we have sent; notices who does so no longer, and whose media do not arrive.
 */
import type { Presence as PresenceStatement } from '../../messages/statements.ts'
import type { MemberId } from '../../protocol.ts'
import type { Cancel } from '../../clock.ts'
import type { Member } from '../members/member.ts'
import type { SessionContext } from '../context.ts'
import type { Feature, Handlers } from '../feature.ts'

const EVERY_MS = 20_000
/** Above this many members presence is broadcast and missed three times more rarely. */
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

interface MemberRecord {
  /** Time without a presence up to the last sweep, not counting what we slept or were cut off ourselves. */
  silentMs: number
  latest: { readonly statement: PresenceStatement; readonly at: number } | null
}

type Context = Pick<
  SessionContext,
  | 'clock'
  | 'members'
  | 'sender'
  | 'roster'
  | 'run'
  | 'broadcast'
  | 'remove'
  | 'requestKey'
  | 'heldBack'
>

export class Presence implements Feature {
  readonly handlers: Handlers = {
    presence: (member, statement) => this.#handle(member, statement),
  }
  readonly #context: Context
  readonly #records = new WeakMap<Member, MemberRecord>()
  #connected = false
  #sweptAt: number
  #cancelBroadcast: Cancel
  #cancelSweep: Cancel

  constructor(context: Context) {
    this.#context = context
    this.#sweptAt = context.clock.now()
    this.#cancelBroadcast = this.#broadcastLater()
    this.#cancelSweep = this.#sweepLater()
  }

  /** Without a connection of our own, silence says nothing about the others. */
  connectionChanged(connected: boolean): void {
    this.#connected = connected
  }

  async #handle(member: Member, statement: PresenceStatement): Promise<void> {
    const { clock, roster } = this.#context
    const record = this.#of(member)
    record.silentMs = this.#sweptAt - clock.now()
    // What a blocked member sends is not opened, so nothing of it can be late.
    record.latest = member.blocked ? null : { statement, at: clock.now() }
    if (statement.scope === 0) roster.receive(member.memberId, statement.rosterDigest)
    await member.keys.commitStep(statement.gen, statement.step)
    const newest = member.keys.newest()
    const missing = newest === null || newest.gen < statement.gen
    if (missing && statement.sent.length > 0) await this.#context.requestKey(member)
  }

  close(): void {
    this.#cancelBroadcast()
    this.#cancelSweep()
  }

  async #broadcast(): Promise<void> {
    if (!this.#connected) return
    const { members } = this.#context
    const chain = this.#context.sender.current
    await this.#context.broadcast({
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
      const record = this.#of(member)
      record.silentMs += elapsedMs
      if (record.silentMs >= limitMs) silent.push(member)
      else if (record.latest && !member.blocked && now - record.latest.at >= ARRIVAL_MS)
        this.#compare(member, record.latest, now)
    }
    this.#sweptAt = now
    await this.#context.remove(silent, true)
  }

  #compare(
    member: Member,
    { statement, at }: NonNullable<MemberRecord['latest']>,
    now: number,
  ): void {
    const { gen, step, sent } = statement
    const ahead = MISSING_CTRS + (now - at) * MAX_FRAMES_PER_MS
    const late = sent.filter(
      ({ idx, ctr }) => member.keys.missing(idx, { gen, step, ctr }, ahead) > MISSING_CTRS,
    )
    this.#context.heldBack(
      member.memberId,
      late.map(({ idx }) => idx),
      at,
    )
  }

  #of(member: Member): MemberRecord {
    const known = this.#records.get(member)
    if (known) return known
    const fresh: MemberRecord = { silentMs: this.#sweptAt - member.admittedAt, latest: null }
    this.#records.set(member, fresh)
    return fresh
  }

  #everyMs(): number {
    return this.#context.members.size > MANY ? EVERY_WITH_MANY_MS : EVERY_MS
  }

  #broadcastLater(): Cancel {
    return this.#context.clock.setTimer(this.#everyMs(), () => {
      this.#cancelBroadcast = this.#broadcastLater()
      this.#context.run(() => this.#broadcast())
    })
  }

  #sweepLater(): Cancel {
    return this.#context.clock.setTimer(SWEEP_MS, () => {
      this.#cancelSweep = this.#sweepLater()
      this.#context.run(() => this.#sweep())
    })
  }
}
