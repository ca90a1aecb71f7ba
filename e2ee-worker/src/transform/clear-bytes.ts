/**
 * The bytes in front of the SFrame ciphertext that packetisers and the SFU must be able to read (docs/adr/0003).
 *
 * They are synthetic: no bit of the encoder's output stays clear but the picture size on VP8 key frames, which a hardware
 * decoder may look at. The whole prefix is authenticated through the frame's metadata.
 */
import type { Codec } from '../protocol.ts'

/** P = 1: libwebrtc and mediasoup read only bit 0, "not a key frame". */
const VP8_DELTA = Uint8Array.of(0x31)
/** Key frame tag and start code, RFC 6386 section 9.1; width and height follow. */
const VP8_KEY_HEAD = Uint8Array.of(0x10, 0x00, 0x00, 0x9d, 0x01, 0x2a)
const VP8_KEY_BYTES = 10
const NONE = new Uint8Array(0)

/** The prefix to send, or null when the frame cannot be wrapped: then it is dropped, never sent as it is. */
export function clearPrefix(codec: Codec, key: boolean, frame: ArrayBuffer): Uint8Array | null {
  switch (codec) {
    case 'opus':
    case 'vp9':
      return NONE
    case 'vp8':
      return key ? vp8KeyPrefix(frame) : VP8_DELTA
    default:
      return null
  }
}

/** How many bytes of a received frame are prefix, or null when the codec is unknown or the frame is too short. */
export function clearPrefixLength(codec: Codec, frame: Uint8Array): number | null {
  switch (codec) {
    case 'opus':
    case 'vp9':
      return 0
    case 'vp8':
      return vp8PrefixLength(frame)
    default:
      return null
  }
}

function vp8KeyPrefix(frame: ArrayBuffer): Uint8Array | null {
  if (frame.byteLength < VP8_KEY_BYTES) return null
  const prefix = new Uint8Array(VP8_KEY_BYTES)
  prefix.set(VP8_KEY_HEAD)
  prefix.set(new Uint8Array(frame, 6, 4), 6)
  return prefix
}

// RFC 6386 section 9.1: bit 0 of the first byte is 0 on key frames.
function vp8PrefixLength(frame: Uint8Array): number | null {
  const first = frame[0]
  if (first === undefined) return null
  const length = (first & 0x01) === 0 ? VP8_KEY_BYTES : VP8_DELTA.byteLength
  return frame.byteLength < length ? null : length
}
