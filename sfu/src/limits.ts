/** How much one connection, one peer and one room may ask of the TCS. */
import type { Allowance } from './bucket.ts'
import type { ShareLimits } from './shares.ts'

export interface Limits {
  /** Largest WebSocket frame. */
  readonly frameBytes: number
  readonly authenticateTimeoutMs: number
  /** How long somebody who is proven may wait in the device check before it enters the room. */
  readonly waitMs: number
  /** Connections that have proved nothing yet. */
  readonly unproven: ShareLimits
  /** Before the proof, which is one message with four attachments. */
  readonly unprovenMessages: Allowance
  readonly unprovenBytes: Allowance
  readonly messages: Allowance
  readonly bytes: Allowance
  /** Bytes times receivers, and something for each delivery, of one account: a broadcast costs what it makes the TCS do. */
  readonly deliveredBytes: Allowance
  /** Transports made or mended before the join, of one account: all of them come back when a media worker dies. */
  readonly waitingTransports: Allowance
  readonly unansweredRequests: number
  /** Bytes waiting for a client that does not read, and for all clients of one network. */
  readonly unreadBytes: number
  readonly unreadNetworkBytes: number
  /** How long a client may take nothing of what waits for it. */
  readonly unreadMs: number
  readonly roomPeers: number
  /** Devices of one account in one room. */
  readonly accountDevices: number
  /** Connections of one account, waiting ones and windows of the same browser included. */
  readonly accountConnections: number
}

export const LIMITS: Limits = {
  frameBytes: 256 * 1024,
  authenticateTimeoutMs: 10_000,
  waitMs: 30 * 60_000,
  unproven: { places: 1_000, perNetwork: 400, reserved: 200, modest: 8 },
  unprovenMessages: { perSecond: 2, burst: 20 },
  unprovenBytes: { perSecond: 2 * 1024, burst: 16 * 1024 },
  // A message with bytes counts twice (text, then bytes). Whoever enters a room of 200 with 50 senders acknowledges
  // 50 keys and asks for as many streams at once, about 400 messages.
  messages: { perSecond: 200, burst: 800 },
  bytes: { perSecond: 512 * 1024, burst: 4 * 1024 * 1024 },
  deliveredBytes: { perSecond: 4 * 1024 * 1024, burst: 64 * 1024 * 1024 },
  // Two for each connection, twice.
  waitingTransports: { perSecond: 1, burst: 80 },
  unansweredRequests: 400,
  // A rotation of keys in a room of 500 is less than one of these for each member.
  unreadBytes: 4 * 1024 * 1024,
  unreadNetworkBytes: 64 * 1024 * 1024,
  unreadMs: 30_000,
  roomPeers: 1000,
  accountDevices: 5,
  accountConnections: 20,
}
