/** The hot path toward the client: a packet of the worker becomes ChannelData or a Data indication. */
import { randomBytes } from 'node:crypto'
import { encodeXorAddress, type Endpoint } from './address.ts'
import { CHANNEL_HEADER_BYTES, channelDataBytes } from './channel-data.ts'
import { Attribute, COOKIE, HEADER_BYTES, padded } from './stun.ts'

const DATA_INDICATION = 0x0017

/** How packets of one peer are wrapped for the client: ChannelData once bound, a Data indication before. */
export class Route {
  /** 0 while unbound. Firefox never binds. */
  channel = 0
  /** A Data indication up to the length of its DATA attribute. */
  readonly #indication: Buffer
  #serial = 0

  constructor(peer: Endpoint) {
    const prefix = Buffer.alloc(HEADER_BYTES + 12 + 4)
    prefix.writeUInt16BE(DATA_INDICATION, 0)
    prefix.writeUInt32BE(COOKIE, 4)
    randomBytes(12).copy(prefix, 8)
    prefix.writeUInt16BE(Attribute.xorPeerAddress, HEADER_BYTES)
    prefix.writeUInt16BE(8, HEADER_BYTES + 2)
    encodeXorAddress(peer, prefix.subarray(8, HEADER_BYTES)).copy(prefix, HEADER_BYTES + 4)
    prefix.writeUInt16BE(Attribute.data, HEADER_BYTES + 12)
    this.#indication = prefix
  }

  /** Bytes on the wire for a payload of this size; more than a message can hold gives Infinity. */
  sizeOf(length: number): number {
    if (this.channel !== 0) return channelDataBytes(length)
    const size = this.#indication.length + padded(length)
    return size - HEADER_BYTES > 0xffff ? Infinity : size
  }

  /** Writes one message at `at` of `target`, which has `sizeOf` bytes free there. */
  write(target: Buffer, at: number, payload: Buffer): void {
    const length = payload.length
    let dataAt = at + CHANNEL_HEADER_BYTES
    if (this.channel !== 0) {
      target.writeUInt16BE(this.channel, at)
    } else {
      const prefix = this.#indication
      dataAt = at + prefix.length
      prefix.copy(target, at)
      target.writeUInt16BE(this.sizeOf(length) - HEADER_BYTES, at + 2)
      // A transaction id of its own for each; only the count differs.
      this.#serial = (this.#serial + 1) >>> 0
      target.writeUInt32BE(this.#serial, at + 16)
    }
    target.writeUInt16BE(length, dataAt - 2)
    payload.copy(target, dataAt)
    // The memory is used again and again: padding must not show another connection's bytes.
    target.fill(0, dataAt + length, dataAt + padded(length))
  }
}
