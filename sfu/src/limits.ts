/** How much one connection, one peer and one room may ask of the TCS. */
import type { Allowance } from './bucket.ts'
import type { ShareLimits } from './shares.ts'

export interface Limits {
  /** Largest WebSocket frame. */
  readonly frameBytes: number
  readonly authenticateTimeoutMs: number
  /** Time an admitted peer may spend before it enters the room. */
  readonly joinTimeoutMs: number
  /** Connections that have proved nothing yet. */
  readonly unproven: ShareLimits
  readonly messages: Allowance
  readonly bytes: Allowance
  /** Bytes times receivers, and something for each delivery: a broadcast costs what it makes the TCS do. */
  readonly deliveredBytes: Allowance
  readonly unansweredRequests: number
  /** Bytes waiting for a client that does not read. */
  readonly unreadBytes: number
  readonly roomPeers: number
}

export const LIMITS: Limits = {
  frameBytes: 256 * 1024,
  authenticateTimeoutMs: 10_000,
  joinTimeoutMs: 60_000,
  unproven: { places: 1_000, perNetwork: 400, reserved: 200, modest: 8 },
  // A message with bytes counts twice (text, then bytes). Whoever enters a room of 200 with 50 senders acknowledges
  // 50 keys and asks for as many streams at once, about 400 messages.
  messages: { perSecond: 200, burst: 800 },
  bytes: { perSecond: 512 * 1024, burst: 4 * 1024 * 1024 },
  deliveredBytes: { perSecond: 4 * 1024 * 1024, burst: 64 * 1024 * 1024 },
  unansweredRequests: 400,
  unreadBytes: 16 * 1024 * 1024,
  roomPeers: 1000,
}
