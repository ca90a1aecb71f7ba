/** ChannelData (RFC 8656 section 12.4): channel number, length, payload. */
import { padded } from './stun.ts'

export const CHANNEL_HEADER_BYTES = 4
/** RFC 8656 section 12: the only channel numbers there are. */
export const FIRST_CHANNEL = 0x4000
export const LAST_CHANNEL = 0x4fff

/** Bytes of one message on the wire; over TCP it is padded to a multiple of four (RFC 8656 section 12.5). */
export function channelDataBytes(payloadBytes: number): number {
  return padded(CHANNEL_HEADER_BYTES + payloadBytes)
}
