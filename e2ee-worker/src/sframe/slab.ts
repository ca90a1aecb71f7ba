/**
 * Short pieces of memory for nonces and additional data, many to one buffer.
 *
 * An engine keeps a small typed array in its own heap and moves it out when WebCrypto reads it, which costs as much as
 * sealing a short frame. No piece is ever handed out twice: whatever a WebCrypto reads late, it reads what it was given.
 */

const SLAB_BYTES = 8192

export class Slab {
  #buffer = new ArrayBuffer(SLAB_BYTES)
  #at = 0

  /** Zeros, at most `SLAB_BYTES` of them. */
  take(length: number): Uint8Array<ArrayBuffer> {
    if (this.#at + length > SLAB_BYTES) {
      this.#buffer = new ArrayBuffer(SLAB_BYTES)
      this.#at = 0
    }
    const piece = new Uint8Array(this.#buffer, this.#at, length)
    this.#at += length
    return piece
  }
}
