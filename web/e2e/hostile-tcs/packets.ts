/** RTP packets of an attacker's own making (RFC 3550 section 5.1), and the clear frames that fill them. */
import type { Outlet } from './stolen-media.ts'

interface Pace {
  readonly everyMs: number
  /** RTP clock ticks from one frame to the next. */
  readonly ticks: number
}

export const PACES: Record<'audio' | 'video', Pace> = {
  audio: { everyMs: 20, ticks: 960 },
  video: { everyMs: 50, ticks: 4500 },
}

/** 20 ms of Opus silence, as decoders make it up themselves (TOC of CELT, stereo; RFC 6716 section 3.1). */
export const SILENCE = Buffer.from([0xfc, 0xff, 0xfe])

/** A whole VP8 key frame of one pixel (RFC 6386 section 9.1), behind the shortest payload descriptor (RFC 7741). */
export const CLEAR_PICTURE = Buffer.concat([
  Buffer.from([0x10]),
  Buffer.from('MAEAnQEqAQABAAMANCWkAANwAP77lAAA', 'base64'),
])

/** Sends payloads one after the other at the pace of a call; @returns how to stop. */
export function send(outlet: Outlet, pace: Pace, next: () => Buffer | undefined): () => void {
  let sequence = 0
  const timer = setInterval(() => {
    const payload = next()
    if (payload === undefined || outlet.producer.closed) {
      clearInterval(timer)
      return
    }
    outlet.producer.send(packet(outlet, sequence, sequence * pace.ticks, payload))
    sequence += 1
  }, pace.everyMs)
  return () => clearInterval(timer)
}

function packet(outlet: Outlet, sequence: number, timestamp: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(12)
  head[0] = 0x80
  // Each of our frames is one packet, so that each is the last of its frame.
  head[1] = 0x80 | outlet.payloadType
  head.writeUInt16BE(sequence & 0xffff, 2)
  head.writeUInt32BE(timestamp >>> 0, 4)
  head.writeUInt32BE(outlet.ssrc, 8)
  return Buffer.concat([head, payload])
}
