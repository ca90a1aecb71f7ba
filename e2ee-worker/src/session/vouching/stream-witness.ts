/**
 * Compares the frames of one stream that opened with those its sender vouches for, in whatever order the two arrive.
 *
 * A vouch that is missing may only be late, so the stream is `unvouched` until it comes. Two things prove a forgery: the
 * sender vouches for another frame at the same counter, or it vouches for a frame that opened 2 s after one that it does
 * not vouch for. Senders vouch in the order in which they seal, and nothing under way is overtaken by so much.
 *
 * Both are kept in rings of fixed size without an object per frame: several hundred frames a second come by here.
 */
import type { Kid } from '../../keys/kid.ts'
import { VOUCH_HASH_BYTES, type VouchEntry } from '../../messages/vouch-statement.ts'
import type { Bytes } from '../../wire.ts'
import type { Authenticity } from '../../protocol.ts'
import { hashFrame } from '../../transform/frame-hash.ts'

/** A frame that opened must be vouched for this soon. */
const LIMIT_MS = 2000
/** A stream is itself again after this long without a frame that was not. */
const CLEAN_MS = 5000
/** Frames that wait for their vouch at the same time: more than any stream brings in `LIMIT_MS`. */
const WAITING = 1024
/** Hashes kept for frames still to come: ten seconds of three layers at 30 frames a second. */
const VOUCHED = 1024

/** Slots of the waiting ring. */
const SETTLED = 0
const UNHASHED = 1
const HASHED = 2

export class StreamWitness {
  readonly #waiting = new Hashes(WAITING)
  readonly #status = new Uint8Array(WAITING)
  readonly #openedAt = new Float64Array(WAITING)
  /** Frames whose vouch has not come in time, until it comes or the slot is needed. */
  readonly #overdue = new Uint8Array(WAITING)
  readonly #vouched = new Hashes(VOUCHED)
  /** Numbers of the oldest frame that waits and of the next to come; their slots are the remainders. */
  #oldest = 0
  #next = 0
  #state: Authenticity | null = null
  #judged = false
  #anyOverdue = false
  /** The number of the first frame that can be held against its sender. */
  #forgiven = 0
  #unclearAt = 0
  #now: number

  constructor(now: number) {
    this.#now = now
  }

  /** What is to be said of the stream, when frames of it were judged since this was last asked. */
  verdict(): Authenticity | null {
    const verdict = this.#judged ? this.#state : null
    this.#judged = false
    return verdict
  }

  /** A frame opened; `sframe` is header || ciphertext || tag. */
  opened(kid: Kid, ctr: number, sframe: Bytes): void {
    // More than any honest sender has under way: the oldest has had its time.
    if (this.#next - this.#oldest === WAITING) this.#giveUpOldest()
    const frame = this.#next++
    const slot = frame % WAITING
    this.#waiting.name(slot, kid, ctr)
    this.#status[slot] = UNHASHED
    this.#overdue[slot] = 0
    this.#openedAt[slot] = this.#now
    hashFrame(sframe, (high, low) => this.#hashed(frame, high, low))
  }

  /** Its sender signed these hashes. */
  vouch(entry: VouchEntry): void {
    const view = new DataView(entry.hashes.buffer, entry.hashes.byteOffset)
    const count = entry.hashes.byteLength / VOUCH_HASH_BYTES
    for (let i = 0; i < count; i++) {
      const ctr = entry.firstCtr + i
      const slot = ctr % VOUCHED
      this.#vouched.name(slot, entry, ctr)
      this.#vouched.high[slot] = view.getUint32(i * VOUCH_HASH_BYTES)
      this.#vouched.low[slot] = view.getUint32(i * VOUCH_HASH_BYTES + 4)
      this.#judge(this.#find(entry, ctr), slot)
    }
    this.#forgetSettled()
  }

  /** `now` in milliseconds that somebody listened: what opened too long ago was never vouched for. */
  sweep(now: number): void {
    this.#now = now
    this.#forgetSettled()
    while (this.#oldest < this.#next && now - this.#oldestAt() >= LIMIT_MS) this.#giveUpOldest()
  }

  /** A vouch was lost: the frames that opened so far may have been in it, so nothing is held against their sender. */
  forgive(): void {
    this.#forgiven = this.#next
    this.#overdue.fill(0)
    this.#anyOverdue = false
  }

  /** Nobody could hear what was said of the frames that wait. */
  forgetWaiting(): void {
    this.forgive()
    this.#oldest = this.#next
    this.#status.fill(SETTLED)
  }

  #hashed(frame: number, high: number, low: number): void {
    const slot = frame % WAITING
    if (frame < this.#firstKept || this.#status[slot] !== UNHASHED) return
    this.#waiting.high[slot] = high
    this.#waiting.low[slot] = low
    this.#status[slot] = HASHED
    const vouched = (this.#waiting.ctr[slot] ?? 0) % VOUCHED
    if (this.#vouched.isSame(vouched, this.#waiting, slot)) this.#judge(slot, vouched)
  }

  /** The slot of a frame that waits, or -1. */
  #find(kid: Omit<Kid, 'stream'>, ctr: number): number {
    for (let frame = this.#firstKept; frame < this.#next; frame++) {
      const slot = frame % WAITING
      if (this.#status[slot] === HASHED && this.#waiting.has(slot, kid, ctr)) return slot
    }
    return -1
  }

  #judge(waiting: number, vouched: number): void {
    if (waiting < 0) return
    this.#status[waiting] = SETTLED
    this.#overdue[waiting] = 0
    this.#judged = true
    const same =
      this.#waiting.high[waiting] === this.#vouched.high[vouched] &&
      this.#waiting.low[waiting] === this.#vouched.low[vouched]
    if (!same || this.#hasPassedOver(this.#openedAt[waiting] ?? 0)) this.#unclear('forged')
    else if (this.#state === null || this.#now - this.#unclearAt >= CLEAN_MS) {
      this.#state = 'vouched'
    }
  }

  /** Whether the sender left out a frame that opened long before this one; each is held against it once. */
  #hasPassedOver(openedAt: number): boolean {
    if (!this.#anyOverdue) return false
    let found = false
    for (let slot = 0; slot < WAITING; slot++) {
      if (this.#overdue[slot] !== 1 || openedAt - (this.#openedAt[slot] ?? 0) < LIMIT_MS) continue
      found = true
      this.#overdue[slot] = 0
      this.#status[slot] = SETTLED
    }
    if (found) this.#anyOverdue = this.#overdue.includes(1)
    return found
  }

  /** The number of the oldest frame whose slot still holds it. */
  get #firstKept(): number {
    return Math.max(0, this.#next - WAITING)
  }

  #giveUpOldest(): void {
    const slot = this.#oldest % WAITING
    if (this.#status[slot] !== SETTLED) {
      if (this.#oldest >= this.#forgiven) {
        this.#overdue[slot] = 1
        this.#anyOverdue = true
      }
      this.#unclear('unvouched')
    }
    this.#oldest++
    this.#forgetSettled()
  }

  #oldestAt(): number {
    return this.#openedAt[this.#oldest % WAITING] ?? this.#now
  }

  #forgetSettled(): void {
    while (this.#oldest < this.#next && this.#status[this.#oldest % WAITING] === SETTLED) {
      this.#oldest++
    }
  }

  #unclear(state: 'unvouched' | 'forged'): void {
    this.#unclearAt = this.#now
    this.#judged = true
    // What was forged stays so until the stream is clean: silence afterwards makes it no better.
    if (this.#state !== 'forged') this.#state = state
  }
}

/** Names and hashes of frames, by slot. */
class Hashes {
  readonly gen: Uint32Array
  /** One more than the step: zero is a slot never used. */
  readonly step: Uint8Array
  readonly ctr: Uint32Array
  readonly high: Uint32Array
  readonly low: Uint32Array

  constructor(slots: number) {
    this.gen = new Uint32Array(slots)
    this.step = new Uint8Array(slots)
    this.ctr = new Uint32Array(slots)
    this.high = new Uint32Array(slots)
    this.low = new Uint32Array(slots)
  }

  name(slot: number, { gen, step }: Omit<Kid, 'stream'>, ctr: number): void {
    this.gen[slot] = gen
    this.step[slot] = step + 1
    this.ctr[slot] = ctr
  }

  has(slot: number, { gen, step }: Omit<Kid, 'stream'>, ctr: number): boolean {
    return this.ctr[slot] === ctr && this.step[slot] === step + 1 && this.gen[slot] === gen
  }

  isSame(slot: number, of: Hashes, other: number): boolean {
    const sameKid = this.gen[slot] === of.gen[other] && this.step[slot] === of.step[other]
    return sameKid && this.ctr[slot] === of.ctr[other]
  }
}
