/** Where WebSocket frames end (RFC 6455 section 5.2), without reading what is in them. */

const MASK_BYTES = 4

export interface Piece {
  readonly bytes: number
  readonly messages: number
}

export class WebSocketFrames {
  /** Payload of the frame under way that is still to come. */
  #left = 0

  /**
   * How much of `bytes` belongs to the next `most` frames. A frame counts when its header is whole; a header that is not
   * whole waits, and a frame that is cut goes on with the next call.
   */
  cut(bytes: Buffer, most: number): Piece {
    let at = 0
    let messages = 0
    for (;;) {
      const taken = Math.min(this.#left, bytes.length - at)
      at += taken
      this.#left -= taken
      if (this.#left > 0 || messages === most) break
      const header = headerAt(bytes, at)
      if (header === null) break
      messages += 1
      at += header.bytes
      this.#left = header.payloadBytes
    }
    return { bytes: at, messages }
  }
}

function headerAt(bytes: Buffer, at: number): { bytes: number; payloadBytes: number } | null {
  if (bytes.length - at < 2) return null
  const second = bytes.readUInt8(at + 1)
  const short = second & 0x7f
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0
  const total = 2 + lengthBytes + ((second & 0x80) === 0 ? 0 : MASK_BYTES)
  if (bytes.length - at < total) return null
  if (lengthBytes === 0) return { bytes: total, payloadBytes: short }
  const payloadBytes =
    lengthBytes === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
  return { bytes: total, payloadBytes }
}
