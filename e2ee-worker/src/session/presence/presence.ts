/**
 * Says that we are here and how far we have sent; notices who says so no longer, and whose media do not arrive.
 */
import type { Sender } from '../../keys/send-chain.ts'
import type { Presence as PresenceStatement } from '../../messages/statements.ts'
import type { MemberId } from '../../protocol.ts'
import type { Cancel } from '../../clock.ts'
import type { Peer } from '../members/member.ts'
import type { Room } from '../context.ts'

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
  readonly #room: Room
  readonly #sender: Sender
  readonly #heldBack: HeldBack
  readonly #heard = new WeakMap<Peer, Heard>()
  #connected = false
  #sweptAt: number
  #cancelSay: Cancel
  #cancelSweep: Cancel

  constructor(room: Room, sender: Sender, heldBack: HeldBack) {
    this.#room = room
    this.#sender = sender
    this.#heldBack = heldBack
    this.#sweptAt = room.clock.now()
    this.#cancelSay = this.#sayLater()
    this.#cancelSweep = this.#sweepLater()
  }

  /** Whether the page has a connection to the TCS: without one, silence says nothing about the others. */
  connected(connected: boolean): void {
    this.#connected = connected
  }

  async hear(peer: Peer, statement: PresenceStatement): Promise<void> {
    const { clock, roster } = this.#room
    const heard = this.#of(peer)
    heard.silentMs = this.#sweptAt - clock.now()
    // What a blocked member sends is not opened, so nothing of it can be late.
    heard.said = peer.blocked ? null : { statement, at: clock.now() }
    if (statement.scope === 0) roster.heard(peer.memberId, statement.rosterDigest)
    await peer.keys.commitStep(statement.gen, statement.step)
    const newest = peer.keys.newest()
    const missing = newest === null || newest.gen < statement.gen
    if (missing && statement.sent.length > 0) await this.#room.requestKey(peer)
  }

  close(): void {
    this.#cancelSay()
    this.#cancelSweep()
  }

  async #say(): Promise<void> {
    if (!this.#connected) return
    const { members } = this.#room
    const chain = this.#sender.current
    await this.#room.say({
      ...{ type: 'presence', scope: 0 },
      rosterDigest: await members.digest(),
      rosterCount: members.present,
      ...{ gen: chain?.gen ?? 0, step: chain?.step ?? 0, sent: chain?.sent() ?? [] },
    })
  }

  async #sweep(): Promise<void> {
    const { clock, members } = this.#room
    const now = clock.now()
    // A computer that slept has heard nobody; only time in which we listened counts.
    const elapsedMs = this.#connected ? Math.min(now - this.#sweptAt, 2 * SWEEP_MS) : 0
    const limitMs = MISSED * this.#everyMs()
    const silent: Peer[] = []
    for (const peer of members.all()) {
      const heard = this.#of(peer)
      heard.silentMs += elapsedMs
      if (heard.silentMs >= limitMs) silent.push(peer)
      else if (heard.said && !peer.blocked && now - heard.said.at >= ARRIVAL_MS)
        this.#compare(peer, heard.said, now)
    }
    this.#sweptAt = now
    await this.#room.remove(silent, true)
  }

  #compare(peer: Peer, said: NonNullable<Heard['said']>, now: number): void {
    const { gen, step, sent } = said.statement
    const ahead = MISSING_CTRS + (now - said.at) * MAX_FRAMES_PER_MS
    const late = sent.filter(
      ({ idx, ctr }) => peer.keys.missing(idx, { gen, step, ctr }, ahead) > MISSING_CTRS,
    )
    this.#heldBack(
      peer.memberId,
      late.map(({ idx }) => idx),
      said.at,
    )
  }

  #of(peer: Peer): Heard {
    const known = this.#heard.get(peer)
    if (known) return known
    const fresh: Heard = { silentMs: this.#sweptAt - peer.admittedAt, said: null }
    this.#heard.set(peer, fresh)
    return fresh
  }

  #everyMs(): number {
    return this.#room.members.size > MANY ? EVERY_WITH_MANY_MS : EVERY_MS
  }

  #sayLater(): Cancel {
    return this.#room.clock.setTimer(this.#everyMs(), () => {
      this.#cancelSay = this.#sayLater()
      this.#room.run(() => this.#say())
    })
  }

  #sweepLater(): Cancel {
    return this.#room.clock.setTimer(SWEEP_MS, () => {
      this.#cancelSweep = this.#sweepLater()
      this.#room.run(() => this.#sweep())
    })
  }
}
