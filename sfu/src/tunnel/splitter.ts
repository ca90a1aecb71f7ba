/**
 * The hot path toward the worker: TURN messages of the client become RFC 4571 frames inside the same memory.
 *
 * This works because ChannelData and the DATA attribute carry a 16-bit big-endian length right before the payload,
 * and that is exactly an RFC 4571 header.
 */
import {
  CHANNEL_HEADER_BYTES,
  FIRST_CHANNEL,
  LAST_CHANNEL,
  channelDataBytes,
} from './channel-data.ts'
import { TunnelError } from './errors.ts'
import { Attribute, COOKIE, HEADER_BYTES, padded } from './stun.ts'

const EMPTY: Buffer = Buffer.alloc(0)
const SEND_INDICATION = 0x0016

/** The loopback connection that carries packets between one allocation and one worker port. */
export interface Leg {
  /** Takes RFC 4571 frames; the bytes belong to the leg from then on. */
  send(frames: Buffer): void
  close(): void
}

export interface Receiver {
  /** Longest message taken now: it grows with the first allocation. */
  readonly messageBytes: number
  legOfChannel(channel: number): Leg | null
  /** `key` as in `peerKey`. */
  legOfPeer(key: number): Leg | null
  /** One whole STUN message that is not a Send indication. */
  control(message: Buffer): void
}

/** Cuts the client's byte stream into messages; one call gives one write per leg, with nothing copied out. */
export class Splitter {
  readonly #receiver: Receiver
  #rest: Buffer | null = null
  #bytes = EMPTY
  /** The frames gathered so far, `#from` to `#to` in `#bytes`, all for `#leg`. */
  #leg: Leg | null = null
  #from = 0
  #to = 0
  #packets = 0

  constructor(receiver: Receiver) {
    this.#receiver = receiver
  }

  /**
   * Takes over `chunk`: its memory is rewritten and handed to the legs.
   * @returns how many packets went up
   * @throws {TunnelError} malformed
   */
  push(chunk: Buffer): number {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk])
    this.#rest = null
    this.#bytes = bytes
    this.#packets = 0
    let at = 0
    while (bytes.length - at >= CHANNEL_HEADER_BYTES) {
      const total = this.#totalAt(at)
      if (bytes.length - at < total) break
      this.#take(at, total)
      at += total
    }
    this.#flush()
    // A copy: the chunk is in the hands of a leg, and a few bytes need not keep all of it alive.
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at))
    this.#bytes = EMPTY
    return this.#packets
  }

  /** Bytes of the message at `at`. The length of a STUN message is a multiple of four without padding. */
  #totalAt(at: number): number {
    const type = this.#bytes.readUInt16BE(at)
    const length = this.#bytes.readUInt16BE(at + 2)
    const total = type < FIRST_CHANNEL ? HEADER_BYTES + length : channelDataBytes(length)
    const misaligned = type < FIRST_CHANNEL && length % 4 !== 0
    if (type > LAST_CHANNEL || misaligned || total > this.#receiver.messageBytes) {
      throw new TunnelError('malformed')
    }
    return total
  }

  #take(at: number, total: number): void {
    const type = this.#bytes.readUInt16BE(at)
    if (type >= FIRST_CHANNEL) {
      this.#gather(this.#receiver.legOfChannel(type), at + 2)
    } else if (type === SEND_INDICATION) {
      this.#takeIndication(at, at + total)
    } else {
      // What it changes (a Refresh that frees the allocation) must not reach packets that came before it.
      this.#flush()
      this.#receiver.control(this.#bytes.subarray(at, at + total))
    }
  }

  #takeIndication(start: number, end: number): void {
    const bytes = this.#bytes
    if (bytes.readUInt32BE(start + 4) !== COOKIE) throw new TunnelError('malformed')
    let peerAt = 0
    let dataAt = 0
    for (let at = start + HEADER_BYTES; at < end;) {
      const type = bytes.readUInt16BE(at)
      const length = bytes.readUInt16BE(at + 2)
      const next = at + 4 + padded(length)
      if (next > end) throw new TunnelError('malformed')
      if (type === Attribute.data) dataAt = at + 2
      else if (type === Attribute.xorPeerAddress && length === 8) peerAt = at + 4
      // RFC 8489 section 6.3.2: an indication with an attribute we must understand and do not is discarded.
      else if (type < 0x8000) return
      at = next
    }
    if (peerAt === 0 || dataAt === 0) return
    const ip = (bytes.readUInt32BE(peerAt + 4) ^ COOKIE) >>> 0
    const port = bytes.readUInt16BE(peerAt + 2) ^ 0x2112
    this.#gather(this.#receiver.legOfPeer(ip * 0x10000 + port), dataAt)
  }

  /** Moves the frame at `at` (length, payload) down to the end of the frames before it. */
  #gather(leg: Leg | null, at: number): void {
    const bytes = this.#bytes
    const size = 2 + bytes.readUInt16BE(at)
    if (leg === null || size === 2) return
    this.#packets += 1
    if (leg !== this.#leg) {
      this.#flush()
      this.#leg = leg
      this.#from = at
      this.#to = at + size
      return
    }
    bytes.copyWithin(this.#to, at, at + size)
    this.#to += size
  }

  #flush(): void {
    const leg = this.#leg
    this.#leg = null
    leg?.send(this.#bytes.subarray(this.#from, this.#to))
  }
}
