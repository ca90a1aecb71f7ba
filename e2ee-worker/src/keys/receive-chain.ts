/**
 * One generation of another member's sender key: its steps and its streams.
 *
 * Steps ahead are derived on memoised copies, so a forged KID costs at most 200 derivations once and changes nothing. A
 * step is committed, and those before it erased, only by a signed statement of its sender. A frame that opens says nothing
 * of the kind: every member holds the key that it was sealed with, and could have the TCS take us to a step that its
 * sender will not reach for hours.
 */
import type { Cipher, FrameKey } from '../sframe/cipher.ts'
import { CounterWindows, type Furthest, type SeenCounters } from './counter-windows.ts'
import type { SealedStream } from './frame-metadata.ts'
import { MAX_STEP, encodeKid } from './kid.ts'
import { sameBytes, type Bytes } from '../wire.ts'

/** How many steps before the committed one stay usable for a while. */
const KEPT_STEPS = 2

export class ReceiveChain {
  readonly gen: number
  readonly #cipher: Cipher
  /** Base keys by step: the committed one, those derived ahead of it, and those still kept behind it. */
  readonly #keys = new Map<number, Bytes>()
  /** When a step behind the committed one is erased. */
  readonly #expiry = new Map<number, number>()
  readonly #counters: CounterWindows
  #streams = new Map<number, SealedStream>()
  #committed: number
  #newest: number
  #opened = -1
  #working: Promise<void> = Promise.resolve()

  constructor(
    { gen, step, baseKey }: { gen: number; step: number; baseKey: Bytes },
    cipher: Cipher,
    before: SeenCounters = new Map(),
  ) {
    this.gen = gen
    this.#cipher = cipher
    this.#counters = new CounterWindows(before)
    this.#committed = step
    this.#newest = step
    this.#keys.set(step, baseKey)
  }

  /** The highest step its sender has told or vouched for. */
  get newest(): number {
    return this.#newest
  }

  /** Its sender does not use the steps before this one any longer. */
  get committed(): number {
    return this.#committed
  }

  get streams(): ReadonlyMap<number, SealedStream> {
    return this.#streams
  }

  describe(streams: readonly SealedStream[]): void {
    this.#streams = new Map(streams.map((stream) => [stream.idx, stream]))
  }

  /** A later step as its sender gave it; it replaces whatever else was derived for it ahead. */
  install(step: number, baseKey: Bytes): void {
    this.#newest = step
    // What opened under the very same key must not open once more.
    if (this.is(step, baseKey)) return
    for (const known of [...this.#keys.keys()]) if (known >= step) this.#erase(known)
    this.#keys.set(step, baseKey)
  }

  is(step: number, baseKey: Uint8Array): boolean {
    const held = this.#keys.get(step)
    return held !== undefined && sameBytes(held, baseKey)
  }

  /** The last committed step, and the highest counter in it, of which a frame of this stream opened. */
  furthest(stream: number): Furthest | null {
    return this.#counters.furthest(stream, this.#committed)
  }

  holds(step: number): boolean {
    return this.#keys.has(step)
  }

  /** The key of one stream at one step, or null when the step is gone, was never had, or is out of range. */
  async frameKey(stream: number, step: number): Promise<FrameKey | null> {
    if (!this.#keys.has(step)) await this.#deriveUpTo(step)
    const baseKey = this.#keys.get(step)
    if (baseKey === undefined) return null
    const kid = encodeKid(this.gen, stream, step)
    const frameKey = await this.#cipher.deriveFrameKey(baseKey, kid, 'decrypt')
    // Erasing overwrites the buffer: a key that may come from zeros is no key.
    return this.#keys.get(step) === baseKey ? frameKey : null
  }

  isFresh(stream: number, step: number, ctr: number): boolean {
    return this.#counters.isFresh(stream, step, ctr)
  }

  /** Notes the counter of a frame that opened; false when it is a repetition. */
  accept(stream: number, step: number, ctr: number): boolean {
    return this.#counters.accept(stream, step, ctr)
  }

  /** What must not open again, should the member go and come back under this generation. */
  seen(): SeenCounters {
    return this.#counters.seen()
  }

  /** The first frame of this step opened; `deadline` is when the steps before it are erased, as far as it is committed. */
  opened(step: number, deadline: number): void {
    this.#opened = step
    this.#expire(Math.min(step, this.#committed), deadline)
  }

  /** A frame of this step or of a later one opened before. */
  hasOpened(step: number): boolean {
    return step <= this.#opened
  }

  /** Some step waits to be erased. */
  get expiring(): boolean {
    return this.#expiry.size > 0
  }

  /** Its sender vouched for this step; one that cannot be reached is ignored. */
  async commit(step: number, deadline: number): Promise<void> {
    await this.#deriveUpTo(step)
    if (step <= this.#committed || !this.#keys.has(step)) return
    this.#committed = step
    this.#newest = Math.max(this.#newest, step)
    this.#expire(step, deadline)
  }

  /** Erases the steps whose time is over; true when there were any. */
  sweep(now: number): boolean {
    const held = this.#keys.size
    for (const [step, at] of this.#expiry) if (at <= now) this.#erase(step)
    return this.#keys.size < held
  }

  eraseAll(): void {
    for (const step of [...this.#keys.keys()]) this.#erase(step)
  }

  #expire(step: number, deadline: number): void {
    for (const known of [...this.#keys.keys()]) {
      if (known >= step) continue
      if (known < step - KEPT_STEPS) this.#erase(known)
      else this.#expiry.set(known, Math.min(deadline, this.#expiry.get(known) ?? deadline))
    }
  }

  // One derivation at a time: two frames that ask for the same far step must not derive it twice.
  #deriveUpTo(step: number): Promise<void> {
    if (step > MAX_STEP || step < this.#committed) return Promise.resolve()
    this.#working = this.#working.then(() => this.#derive(step))
    return this.#working
  }

  async #derive(step: number): Promise<void> {
    let at = step
    while (at >= this.#committed && !this.#keys.has(at)) at--
    for (; at < step; at++) {
      const from = this.#keys.get(at)
      if (from === undefined) return
      const next = await this.#cipher.ratchetBaseKey(from)
      // Erased or replaced meanwhile: what was derived may come from zeros.
      if (this.#keys.get(at) !== from) return
      this.#keys.set(at + 1, next)
    }
  }

  #erase(step: number): void {
    this.#keys.get(step)?.fill(0)
    this.#keys.delete(step)
    this.#expiry.delete(step)
    this.#counters.forget(step, this.#committed)
  }
}
