/**
 * The stream authenticator (e2ee1 section 3.7): twice a second we sign the hashes of what we sealed, and compare what
 * opened with what the others signed.
 *
 * A sender key is known to every member, so a member and the TCS together could seal frames in another's name. They
 * cannot sign in that name. What nobody vouched for is shown with a mark, because it may only be late; where the sender
 * vouched for other frames, the page shows and plays none.
 */
import type { Kid } from '../../keys/kid.ts'
import type { Sender } from '../../keys/send-chain.ts'
import type { Vouch } from '../../messages/vouch-statement.ts'
import type { Bytes } from '../../wire.ts'
import { STREAM_INDEX, type Authenticity, type MemberId } from '../../protocol.ts'
import type { Cancel } from '../../clock.ts'
import type { Peer } from '../members/member.ts'
import type { Room } from '../context.ts'
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
  told: Authenticity | null
}

export class Vouching {
  readonly #room: Room
  readonly #onAuthenticity: OnAuthenticity
  readonly #sealed = new SealedLog()
  readonly #streams = new WeakMap<Peer, Map<number, Stream>>()
  #connected = false
  /** Time in which we listened: it stands still while we are cut off, or asleep. */
  #heardMs = 0
  #settledAt = 0
  #tickedAt: number
  #cancel: Cancel

  constructor(room: Room, sender: Sender, onAuthenticity: OnAuthenticity) {
    this.#room = room
    this.#onAuthenticity = onAuthenticity
    this.#tickedAt = room.clock.now()
    this.#cancel = this.#tickLater()
    sender.witness = (kid, ctr, sframe) => {
      if (MEDIA.has(kid.stream)) this.#sealed.note(kid, ctr, sframe)
    }
  }

  /** Without a connection nothing can be vouched for, so what is not means nothing. */
  connected(connected: boolean): void {
    if (connected && !this.#connected) this.#settledAt = this.#heardMs + SETTLE_MS
    this.#connected = connected
    if (connected) return
    for (const peer of this.#room.members.all()) {
      for (const { witness } of this.#of(peer).values()) witness.forgetWaiting()
    }
  }

  /** From its next frame on, what opens of this member is compared with its word. */
  watch(peer: Peer): void {
    peer.keys.witness ??= (kid, ctr, sframe) => this.#opened(peer, kid, ctr, sframe)
  }

  async hear(peer: Peer, { entries }: Vouch): Promise<void> {
    for (const entry of entries) {
      await peer.keys.commitStep(entry.gen, entry.step)
      // A stream nobody announced opens nothing, and must not cost memory either.
      const announced = peer.streams.some(({ idx }) => idx === entry.stream)
      if (announced) this.#witness(peer, entry.stream).vouch(entry)
    }
    this.#report(peer)
  }

  close(): void {
    this.#cancel()
  }

  #opened(peer: Peer, kid: Kid, ctr: number, sframe: Bytes): void {
    if (!this.#connected || this.#heardMs < this.#settledAt || !MEDIA.has(kid.stream)) return
    this.#witness(peer, kid.stream).opened(kid, ctr, sframe)
  }

  async #tick(): Promise<void> {
    const now = this.#room.clock.now()
    // Long silence between two ticks is a computer that slept, or a queue that was full: nobody listened then.
    if (this.#connected) this.#heardMs += Math.min(now - this.#tickedAt, 2 * EVERY_MS)
    this.#tickedAt = now
    for (const peer of this.#room.members.all()) {
      for (const { witness } of this.#of(peer).values()) witness.sweep(this.#heardMs)
      this.#report(peer)
    }
    if (!this.#connected) return
    for (const statement of this.#sealed.take()) await this.#room.say(statement)
  }

  #report(peer: Peer): void {
    for (const [idx, stream] of this.#of(peer)) {
      const state = stream.witness.news()
      if (state === null) continue
      this.#onAuthenticity(peer.memberId, idx, state)
      if (state !== stream.told && state !== 'vouched') this.#room.warn('E_VOUCH', peer.memberId)
      stream.told = state
    }
  }

  #of(peer: Peer): Map<number, Stream> {
    const known = this.#streams.get(peer)
    if (known) return known
    const fresh = new Map<number, Stream>()
    this.#streams.set(peer, fresh)
    return fresh
  }

  #witness(peer: Peer, idx: number): StreamWitness {
    const streams = this.#of(peer)
    const known = streams.get(idx)
    if (known) return known.witness
    const witness = new StreamWitness(this.#heardMs)
    streams.set(idx, { witness, told: null })
    return witness
  }

  #tickLater(): Cancel {
    return this.#room.clock.setTimer(EVERY_MS, () => {
      this.#cancel = this.#tickLater()
      this.#room.run(() => this.#tick())
    })
  }
}
