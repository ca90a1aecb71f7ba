/** Toward the client: packets gathered into one TLS write per connection and loop turn, and dropped when it lags. */
import type { Writable } from 'node:stream'
import type { QueueLimits } from './limits.ts'
import type { Route } from './route.ts'

/** One TLS record. Larger slabs measured no faster, smaller ones slower. */
const SLAB_BYTES = 16_384
const MAX_FREE_SLABS = 1_024

interface Slab {
  readonly bytes: Buffer
  used: number
}

/** Shared by all connections of a tunnel: free slabs, and who has something to send in this loop turn. */
export class FlushList {
  readonly #free: Slab[] = []
  readonly #flush: () => void
  #dirty: Outbox[] = []
  /** @param report gets what the flush of one outbox throws; the others are flushed all the same */
  constructor(report: (error: unknown) => void) {
    this.#flush = (): void => {
      const dirty = this.#dirty
      this.#dirty = []
      for (const outbox of dirty) {
        try {
          outbox.flush()
        } catch (error) {
          report(error)
        }
      }
    }
  }

  add(outbox: Outbox): void {
    const flush = this.#flush
    if (this.#dirty.push(outbox) === 1) setImmediate(flush)
  }

  take(atLeast: number): Slab {
    if (atLeast > SLAB_BYTES) return { bytes: Buffer.allocUnsafeSlow(atLeast), used: 0 }
    return this.#free.pop() ?? { bytes: Buffer.allocUnsafeSlow(SLAB_BYTES), used: 0 }
  }

  give(slabs: readonly Slab[]): void {
    for (const slab of slabs) {
      if (slab.bytes.length !== SLAB_BYTES || this.#free.length >= MAX_FREE_SLABS) continue
      slab.used = 0
      this.#free.push(slab)
    }
  }
}

export class Outbox {
  readonly #socket: Writable
  readonly #list: FlushList
  readonly #limits: QueueLimits
  /** Waiting for the write under way; at most one is, so that a slow reader costs bytes, not slabs. */
  #waiting: Slab[] = []
  #flying: Slab[] = []
  #waitingBytes = 0
  #flyingBytes = 0
  #listed = false
  /** When a flush first found the previous write not yet taken by the kernel; 0 when it was. */
  #stalledSinceMs = 0
  /** How many writes were begun, and how many at the last look that saw a change. */
  #flights = 0
  #flightsSeen = 0
  #seenAtMs = 0
  #closed = false

  constructor(socket: Writable, list: FlushList, limits: QueueLimits) {
    this.#socket = socket
    this.#list = list
    this.#limits = limits
  }

  /** False when the packet was dropped. The payload is copied. */
  packet(route: Route, payload: Buffer): boolean {
    const size = route.sizeOf(payload.length)
    if (this.#closed || size === Infinity || !this.#admits(payload)) return false
    const slab = this.#reserve(size)
    route.write(slab.bytes, slab.used, payload)
    this.#used(slab, size)
    return true
  }

  /** A STUN reply: never dropped, in order with the packets. */
  control(message: Buffer): void {
    if (this.#closed) return
    const slab = this.#reserve(message.length)
    message.copy(slab.bytes, slab.used)
    this.#used(slab, message.length)
  }

  /** More waits than any client that reads would let it. */
  get overflows(): boolean {
    return this.#waitingBytes + this.#flyingBytes > this.#limits.overflowBytes
  }

  /** Whether the kernel has taken nothing for too long. Called every few seconds. */
  stalled(nowMs: number): boolean {
    if (this.#flyingBytes === 0 || this.#flights !== this.#flightsSeen) {
      this.#flightsSeen = this.#flights
      this.#seenAtMs = nowMs
    }
    return nowMs - this.#seenAtMs > this.#limits.deadMs
  }

  flush(): void {
    this.#listed = false
    if (this.#closed || this.#waitingBytes === 0) return
    if (this.#flyingBytes > 0) {
      if (this.#stalledSinceMs === 0) this.#stalledSinceMs = performance.now()
      return
    }
    this.#flights += 1
    this.#flying = this.#waiting
    this.#flyingBytes = this.#waitingBytes
    this.#waiting = []
    this.#waitingBytes = 0
    const last = this.#flying.length - 1
    if (last > 0) this.#socket.cork()
    for (const [i, { bytes, used }] of this.#flying.entries()) {
      const view = used === bytes.length ? bytes : bytes.subarray(0, used)
      if (i === last) this.#socket.write(view, this.#written)
      else this.#socket.write(view)
    }
    if (last > 0) this.#socket.uncork()
  }

  close(): void {
    this.#closed = true
    this.#list.give(this.#waiting)
    this.#waiting = []
    this.#waitingBytes = 0
    // A write under way may still read its slabs; they are left to the collector.
    this.#flying = []
  }

  readonly #written = (error?: Error | null): void => {
    if (this.#closed || error) return
    this.#list.give(this.#flying)
    this.#flying = []
    this.#flyingBytes = 0
    this.#stalledSinceMs = 0
    if (this.#waitingBytes > 0) this.flush()
  }

  // First byte below 128 is STUN or DTLS (RFC 7983): without those, consent and handshakes die with the media.
  #admits(payload: Buffer): boolean {
    const queued = this.#waitingBytes + this.#flyingBytes
    if (queued < SLAB_BYTES || payload.readUInt8(0) < 128) return true
    const { fullBytes, pressedBytes, smallBytes } = this.#limits
    if (queued > fullBytes) return false
    return payload.length <= smallBytes || (queued <= pressedBytes && !this.#pressed())
  }

  #pressed(): boolean {
    const since = this.#stalledSinceMs
    return since !== 0 && performance.now() - since > this.#limits.stallMs
  }

  #reserve(size: number): Slab {
    const slab = this.#waiting.at(-1)
    if (slab !== undefined && slab.bytes.length - slab.used >= size) return slab
    const fresh = this.#list.take(size)
    this.#waiting.push(fresh)
    return fresh
  }

  #used(slab: Slab, size: number): void {
    slab.used += size
    this.#waitingBytes += size
    if (this.#listed) return
    this.#listed = true
    this.#list.add(this)
  }
}
