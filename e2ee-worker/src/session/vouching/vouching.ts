/**
 * The stream authenticator (docs/protocol.md, "Vouching"): twice a second we sign the hashes of what we sealed, and compare what
 * opened with what the others signed.
 *
 * A sender key is known to every member, so a member and the TCS together could seal frames in another's name. They
 * cannot sign in that name. What nobody vouched for is shown with a mark, because it may only be late; where the sender
 * vouched for other frames, the page shows and plays none.
 */
import type { Kid } from '../../keys/kid.ts'
import type { Vouch } from '../../messages/vouch-statement.ts'
import type { Bytes } from '../../wire.ts'
import { STREAM_INDEX, type Authenticity, type MemberId } from '../../protocol.ts'
import type { Cancel } from '../../clock.ts'
import type { Member } from '../members/member.ts'
import type { SessionContext } from '../context.ts'
import type { Feature, Handlers } from '../feature.ts'
import { Listening } from './listening.ts'
import { SealedLog } from './sealed-log.ts'
import { StreamWitness } from './stream-witness.ts'

const EVERY_MS = 500
/** After a reconnection the first frames were vouched for before anybody told us. */
const SETTLE_MS = 1000
/** Chat is signed itself: only what a transform may carry is vouched for. */
const MEDIA: ReadonlySet<number> = new Set(Object.values(STREAM_INDEX))

/** What is known now of this member's stream; said again whenever frames of it were judged. */
export type OnAuthenticity = (memberId: MemberId, streamIdx: number, state: Authenticity) => void

interface Stream {
  readonly witness: StreamWitness
  reported: Authenticity | null
}

/** What is heard of one member. */
interface Heard {
  readonly listening: Listening
  readonly streams: Map<number, Stream>
}

type Context = Pick<
  SessionContext,
  'clock' | 'members' | 'sender' | 'run' | 'broadcast' | 'warn' | 'authenticity'
>

/** No feature at all unless the tokens of the meeting ask for it. */
export function openVouching(context: Context & Pick<SessionContext, 'me'>): Feature {
  return context.me.credential.claims.vouch ? new Vouching(context) : {}
}

class Vouching implements Feature {
  readonly handlers: Handlers = {
    vouch: (member, statement) => this.#handle(member, statement),
  }
  readonly #context: Context
  readonly #sealed = new SealedLog()
  readonly #heard = new WeakMap<Member, Heard>()
  #connected = false
  /** Time in which we listened: it stands still while we are cut off, or asleep. */
  #listenedMs = 0
  #settledAt = 0
  #tickedAt: number
  #cancel: Cancel

  constructor(context: Context) {
    this.#context = context
    this.#tickedAt = context.clock.now()
    this.#cancel = this.#tickLater()
    context.sender.witness = (kid, ctr, sframe) => {
      if (MEDIA.has(kid.stream)) this.#sealed.note(kid, ctr, sframe)
    }
  }

  /** Without a connection nothing can be vouched for, so what is not means nothing. */
  connectionChanged(connected: boolean): void {
    if (connected && !this.#connected) this.#settledAt = this.#listenedMs + SETTLE_MS
    this.#connected = connected
    if (connected) return
    for (const member of this.#context.members.all()) {
      for (const { witness } of this.#of(member).streams.values()) witness.forgetWaiting()
    }
  }

  /** What it vouched for may be in what was lost, so nothing that waits can be held against it. */
  statementsMissed(member: Member): void {
    for (const { witness } of this.#of(member).streams.values()) witness.forgive()
  }

  /** From its next frame on, what opens of this member is compared with its word. */
  memberAdmitted(member: Member): void {
    member.keys.witness ??= (kid, ctr, sframe) => this.#opened(member, kid, ctr, sframe)
  }

  async #handle(member: Member, { entries }: Vouch): Promise<void> {
    let newest: number | null = null
    const heard = this.#of(member)
    heard.listening.heard()
    for (const entry of entries) {
      await member.keys.commitStep(entry.gen, entry.step)
      // A stream nobody announced opens nothing, and must not cost memory either.
      const announced = member.streams.some(({ idx }) => idx === entry.stream)
      const openedAt = announced ? witnessOf(heard, entry.stream).vouch(entry) : null
      if (openedAt !== null) newest = Math.max(newest ?? 0, openedAt)
    }
    // Statements are in the order of sealing, over all streams: only now is known what this one left out.
    if (newest !== null) for (const { witness } of heard.streams.values()) witness.spoken(newest)
    this.#report(member)
  }

  close(): void {
    this.#cancel()
  }

  #opened(member: Member, kid: Kid, ctr: number, sframe: Bytes): void {
    if (!this.#connected || !MEDIA.has(kid.stream)) return
    const heard = this.#of(member)
    heard.listening.heard()
    if (this.#listenedMs < this.#settledAt) return
    witnessOf(heard, kid.stream).opened(kid, ctr, sframe)
  }

  async #tick(): Promise<void> {
    const now = this.#context.clock.now()
    // Long silence between two ticks is a computer that slept, or a queue that was full: nobody listened then.
    const passed = this.#connected ? Math.min(now - this.#tickedAt, 2 * EVERY_MS) : 0
    this.#listenedMs += passed
    this.#tickedAt = now
    for (const member of this.#context.members.all()) {
      const { listening, streams } = this.#of(member)
      listening.passed(passed)
      for (const { witness } of streams.values()) witness.sweep(listening.ms)
      this.#report(member)
    }
    if (!this.#connected) return
    for (const statement of this.#sealed.take()) await this.#context.broadcast(statement)
  }

  #report(member: Member): void {
    for (const [idx, stream] of this.#of(member).streams) {
      const state = stream.witness.verdict()
      if (state === null) continue
      this.#context.authenticity(member.memberId, idx, state)
      // What is merely not vouched for may be late, and is no reason to accuse anybody.
      if (state === 'forged' && stream.reported !== 'forged') {
        this.#context.warn('E_VOUCH', member.memberId)
      }
      stream.reported = state
    }
  }

  #of(member: Member): Heard {
    const known = this.#heard.get(member)
    if (known) return known
    const fresh = { listening: new Listening(), streams: new Map<number, Stream>() }
    this.#heard.set(member, fresh)
    return fresh
  }

  #tickLater(): Cancel {
    return this.#context.clock.setTimer(EVERY_MS, () => {
      this.#cancel = this.#tickLater()
      this.#context.run(() => this.#tick())
    })
  }
}

function witnessOf({ listening, streams }: Heard, idx: number): StreamWitness {
  const known = streams.get(idx)
  if (known) return known.witness
  const witness = new StreamWitness(listening.ms)
  streams.set(idx, { witness, reported: null })
  return witness
}
