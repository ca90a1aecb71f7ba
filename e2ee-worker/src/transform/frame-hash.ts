/**
 * What a sender vouches for: the first 8 bytes of SHA-256 over a frame's SFrame ciphertext, as two 32-bit halves.
 *
 * The ciphertext is hashed and not its tag, because a GCM tag binds nobody who holds the key: that member could make
 * another frame with the same tag.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import type { Bytes } from '../wire.ts'

/**
 * Below this JavaScript is done before WebCrypto has begun: it takes about 4 us per kB, where every call of `digest`
 * costs 15 us and a turn of the event loop, whatever it hashes.
 */
const DIGEST_FROM_BYTES = 4096

export type HashDone = (high: number, low: number) => void

/** Calls `done` at once for short frames and later for long ones; no frame ever waits for it. */
export function hashFrame(sframe: Bytes, done: HashDone): void {
  if (sframe.byteLength < DIGEST_FROM_BYTES) {
    handOver(sha256(sframe), done)
    return
  }
  crypto.subtle.digest('SHA-256', sframe).then(
    (digest) => handOver(new Uint8Array(digest), done),
    // A frame without a hash is not vouched for, and that is what its receivers say.
    () => undefined,
  )
}

function handOver(digest: Uint8Array, done: HashDone): void {
  const view = new DataView(digest.buffer, digest.byteOffset)
  done(view.getUint32(0), view.getUint32(4))
}
