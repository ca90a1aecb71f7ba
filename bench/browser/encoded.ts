/** Encoded frames without an encoder, with the members that both products read from real ones. */
import type { EncodedFrame } from '../../e2ee-worker/src/transform/encoded.ts'
import type { Kind } from './timed.ts'

/** As browsers have them: audio frames without `type`, by which livekit-client tells them from video. */
export interface BenchFrame extends EncodedFrame {
  readonly timestamp: number
  getMetadata(): FrameMetadata
}

interface FrameMetadata {
  readonly synchronizationSource: number
  readonly payloadType: number
  readonly mimeType: string
}

const AUDIO = { synchronizationSource: 1, payloadType: 111, mimeType: 'audio/opus' }
const VIDEO = { synchronizationSource: 2, payloadType: 96, mimeType: 'video/VP8' }

class AudioFrame implements BenchFrame {
  data: ArrayBuffer
  readonly timestamp: number

  constructor(data: ArrayBuffer, timestamp: number) {
    this.data = data
    this.timestamp = timestamp
  }

  getMetadata(): FrameMetadata {
    return AUDIO
  }
}

class VideoFrame implements BenchFrame {
  data: ArrayBuffer
  readonly timestamp: number
  readonly type = 'delta'

  constructor(data: ArrayBuffer, timestamp: number) {
    this.data = data
    this.timestamp = timestamp
  }

  getMetadata(): FrameMetadata {
    return VIDEO
  }
}

let clock = 0

/** Frames of one size. They share the encoder's bytes, which nobody writes to. */
export function makeFrames(kind: Kind, bytes: number, count: number): BenchFrame[] {
  const data = noise(bytes)
  // VP8 tells key frames by bit 0 of the first byte.
  new Uint8Array(data)[0] = 0x31
  return Array.from({ length: count }, () => {
    clock += 960
    return kind === 'audio' ? new AudioFrame(data, clock) : new VideoFrame(data, clock)
  })
}

function noise(bytes: number): ArrayBuffer {
  const data = new Uint8Array(bytes)
  for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(data.subarray(at, at + 65_536))
  return data.buffer
}
