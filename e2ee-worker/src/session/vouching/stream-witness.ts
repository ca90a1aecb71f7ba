/**
 * Compares the frames of one stream that opened with those its sender vouches for, in whatever order the two arrive
 * (docs/protocol.md, "Vouching").
 *
 * A vouch that is missing may only be late, so the stream is `unvouched` until it comes. It is `forged` by proof alone.
 *
 * Frames are kept in a ring of fixed size without an object per frame: several hundred a second come by here.
 */
import type { Kid } from '../../keys/kid.ts'
import type { VouchEntry } from '../../messages/vouch-statement.ts'
import type { Bytes } from '../../wire.ts'
import type { Authenticity } from '../../protocol.ts'
import { hashFrame } from '../../transform/frame-hash.ts'
import { SignedWord, compare, holds, type Key, type Said, type Standing } from './signed-word.ts'

/** A frame that opened must be vouched for this soon. */
const LIMIT_MS = 2000
/** A stream is itself again after this long without a frame that was not. */
const CLEAN_MS = 5000
/** No frame arrives this much later than one that was sealed after it, unless it comes later than its vouch as well. */
const OVERTAKEN_MS = 4000
/** Frames that wait for their vouch at the same time: more than any stream brings in `LIMIT_MS`. */
const WAITING = 1024

/** Slots of the ring. */
const SETTLED = 0
const UNHASHED = 1
const HASHED = 2

export class StreamWitness {
  /** Frames of one KID share the object. */
  readonly #keys: Key[] = []
  #key: Key = { gen: 0, step: 0 }
  readonly #ctr = new Uint32Array(WAITING)
  readonly #high = new Uint32Array(WAITING)
  readonly #low = new Uint32Array(WAITING)
  readonly #status = new Uint8Array(WAITING)
  readonly #openedAt = new Float64Array(WAITING)
  readonly #word = new SignedWord()
  /** Numbers of the oldest frame that is not overdue and of the next to come; their slots are the remainders. */
  #oldest = 0
  #next = 0
  /** Frames that became overdue since the stream was last itself, and whose vouch has not come late either. */
  #owed = 0
  /** The number of the first frame that can be among them. */
  #owedFrom = 0
  /** The number of the first frame that can be held against its sender. */
  #forgiven = 0
  #state: Authenticity | null = null
  #judged = false
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
  opened({ gen, step }: Kid, ctr: number, sframe: Bytes): void {
    // More than any honest sender has under way: the oldest has had its time.
    if (this.#next - this.#oldest === WAITING) this.#giveUpOldest()
    const number = this.#next++
    const slot = number % WAITING
    if (this.#key.gen !== gen || this.#key.step !== step) this.#key = { gen, step }
    this.#keys[slot] = this.#key
    this.#ctr[slot] = ctr
    this.#status[slot] = UNHASHED
    this.#openedAt[slot] = this.#now
    hashFrame(sframe, (high, low) => this.#hashed(number, high, low))
  }

  /**
   * Its sender signed these hashes. Returns when the newest of the frames that waited for them had opened, null when none
   * did: the sender signed this after everything that any member can have opened some seconds before.
   */
  vouch(entry: VouchEntry): number | null {
    this.#word.add(entry, this.#now)
    let newest: number | null = null
    for (let number = this.#firstKept; number < this.#next; number++) {
      const slot = number % WAITING
      const ctr = this.#ctr[slot] ?? 0
      if (this.#status[slot] !== HASHED || !holds(entry, this.#keyAt(slot), ctr)) continue
      const said = compare(entry, ctr, this.#high[slot] ?? 0, this.#low[slot] ?? 0)
      this.#settle(number, said)
      if (said === 'same') newest = this.#openedAt[slot] ?? newest
    }
    this.#forgetSettled()
    return newest
  }

  /** Its sender has spoken later than a frame of any of its streams that opened at `openedAt`. */
  spoken(openedAt: number): void {
    this.#accuse((slot, standing) => {
      return standing === 'ahead' && openedAt - (this.#openedAt[slot] ?? 0) >= OVERTAKEN_MS
    })
  }

  /** `now` in milliseconds that somebody listened: what opened too long ago was never vouched for. */
  sweep(now: number): void {
    this.#now = now
    this.#forgetSettled()
    while (this.#oldest < this.#next && now - this.#oldestAt() >= LIMIT_MS) this.#giveUpOldest()
    this.#accuse((slot, standing) => {
      return standing === 'left-out' && now - (this.#openedAt[slot] ?? 0) >= LIMIT_MS
    })
    // A stream that has stopped brings no further frame that would show it to be itself again.
    const over = this.#state === 'unvouched' && now - this.#unclearAt >= CLEAN_MS
    if (over && this.#owed === 0) this.#clear()
  }

  /** A vouch was lost: the frames that opened so far may have been in it, so nothing is held against their sender. */
  forgive(): void {
    this.#forgiven = this.#next
    this.#word.lost()
  }

  /** Nobody could hear what was said of the frames that wait. */
  forgetWaiting(): void {
    this.forgive()
    this.#oldest = this.#next
    this.#status.fill(SETTLED)
  }

  #hashed(number: number, high: number, low: number): void {
    const slot = number % WAITING
    if (number < this.#firstKept || this.#status[slot] !== UNHASHED) return
    this.#high[slot] = high
    this.#low[slot] = low
    this.#status[slot] = HASHED
    this.#settle(number, this.#word.saidOf(this.#keyAt(slot), this.#ctr[slot] ?? 0, high, low))
  }

  #settle(number: number, said: Said): void {
    if (said === 'nothing') return
    this.#status[number % WAITING] = SETTLED
    this.#judged = true
    if (said === 'other') this.#unclear('forged')
    else if (number >= this.#owedFrom && number < this.#oldest) this.#owed--
    if (this.#state === null || this.#now - this.#unclearAt >= CLEAN_MS) this.#clear()
  }

  #clear(): void {
    this.#state = 'vouched'
    this.#judged = true
    this.#owed = 0
    this.#owedFrom = this.#oldest
  }

  /** Each frame is held against its stream once. */
  #accuse(isProven: (slot: number, standing: Standing) => boolean): void {
    for (let n = Math.max(this.#forgiven, this.#firstKept); n < this.#next; n++) {
      const slot = n % WAITING
      if (this.#status[slot] !== HASHED) continue
      const standing = this.#word.standingOf(this.#keyAt(slot), this.#ctr[slot] ?? 0, this.#now)
      if (!isProven(slot, standing)) continue
      this.#status[slot] = SETTLED
      this.#unclear('forged')
    }
    this.#forgetSettled()
  }

  #keyAt(slot: number): Key {
    return this.#keys[slot] ?? this.#key
  }

  /** The number of the oldest frame whose slot still holds it. */
  get #firstKept(): number {
    return Math.max(0, this.#next - WAITING)
  }

  #giveUpOldest(): void {
    if (this.#status[this.#oldest % WAITING] !== SETTLED) {
      this.#owed++
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
