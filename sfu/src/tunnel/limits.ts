/** Every number that bounds the tunnel, in one place, and what it counts. */
import type { ShareLimits } from '../shares.ts'
import type { Allowance } from './budget.ts'
import type { QuotaLimits } from './quotas.ts'
import type { TurnstileLimits } from './turnstile.ts'

const KB = 1024

export interface TunnelLimits {
  /** Open connections of any kind; the next one is closed before its TLS handshake. */
  readonly maxConnections: number
  /** Those of them that have proved nothing. Generous: a whole office may sit behind one address. */
  readonly strangers: ShareLimits
  readonly turnstile: TurnstileLimits
  readonly http: HttpLimits
  readonly turn: TurnLimits
  /** Bytes kept for the clients of one network that do not read; above it, those with most of them are let go. */
  readonly networkBytes: number
  readonly handshakeMs: number
  /** A TLS handshake, in pieces of the turnstile's work. */
  readonly handshakeCost: number
  /** A connection that was closed for flooding: whoever comes back at once to go on finds no budget. */
  readonly floodCost: number
  /** After TLS, until the first byte. Browsers keep idle connections in reserve, so not too short. */
  readonly firstByteMs: number
  /** A TURN connection without an allocation is closed after this. */
  readonly allocateMs: number
  readonly lifetimeMs: number
  readonly permissionMs: number
  readonly channelMs: number
  /** Allocations. */
  readonly quotas: QuotaLimits
  /** Replies 400, 401 or 438 on one connection in a row. */
  readonly maxRefusals: number
  /** Longest message before and after a valid Allocate, in bytes. */
  readonly strangerBytes: number
  readonly messageBytes: number
  /** How often timers are looked at. */
  readonly sweepMs: number
  /** How long `close` waits for HTTP responses that are under way. */
  readonly closeMs: number
  readonly queue: QueueLimits
}

/** What one HTTP connection or WebSocket may ask for. */
export interface HttpLimits {
  readonly stranger: HttpAllowance
  readonly trusted: HttpAllowance
  /** WebSocket frames of a stranger that are one piece of work. A request is one, too. */
  readonly framesAtOnce: number
  /** Bytes read ahead of what is handed on. */
  readonly backlogBytes: number
  /** What each read costs besides its bytes: many small TLS records are dearer than one large. */
  readonly readBytes: number
  /** Who has been over its budget for this long, with more waiting all the time, is let go. */
  readonly patienceMs: number
  /** Within this time the kernel must take a part of 16 kB of what waits: 270 bytes a second. */
  readonly stallMs: number
}

export interface HttpAllowance {
  readonly bytes: Allowance
  /** Requests or WebSocket frames. */
  readonly messages: Allowance
  /** Nothing more is read while this much waits to be written. */
  readonly unreadBytes: number
  /** Whoever has more than this waiting is let go. */
  readonly heldBytes: number
}

/** What one TURN connection may ask for. */
interface TurnLimits {
  /** Reads and messages of any kind, while there is no allocation; whoever asks for more is let go. */
  readonly stranger: Allowance
  /** Requests, with an allocation. */
  readonly requests: Allowance
  /** Everything, with an allocation. Whoever sends more waits. */
  readonly bytes: Allowance
}

/** What may wait for one slow reader. A congested path drops packets; so do we, video before audio. */
export interface QueueLimits {
  /** Above this, media packets larger than `smallBytes` are dropped. */
  readonly pressedBytes: number
  /** Above this, every media packet is dropped, in both directions. STUN and DTLS never are. */
  readonly fullBytes: number
  /** Above this, the connection is closed. Only a client that asks and does not read gets here. */
  readonly overflowBytes: number
  /** A write the kernel did not take for this long counts as pressed, too. */
  readonly stallMs: number
  /** After this long, the connection is closed. */
  readonly deadMs: number
  /** Opus packets stay below this, video packets seldom do. */
  readonly smallBytes: number
}

export const defaultLimits: TunnelLimits = {
  maxConnections: 10_000,
  strangers: { places: 6_000, perNetwork: 2_500, reserved: 1_500, modest: 32 },
  turnstile: { pieces: 16, turnMs: 4, network: { perSecond: 1_000, burst: 60_000 }, restMs: 50 },
  http: {
    stranger: {
      bytes: { perSecond: 256 * KB, burst: 1024 * KB },
      messages: { perSecond: 40, burst: 200 },
      unreadBytes: 64 * KB,
      heldBytes: 4 * 1024 * KB,
    },
    trusted: {
      bytes: { perSecond: 1024 * KB, burst: 8 * 1024 * KB },
      messages: { perSecond: 1_000, burst: 4_000 },
      unreadBytes: 4 * 1024 * KB,
      heldBytes: 24 * 1024 * KB,
    },
    framesAtOnce: 16,
    backlogBytes: 16 * KB,
    readBytes: 64,
    patienceMs: 10_000,
    stallMs: 60_000,
  },
  turn: {
    stranger: { perSecond: 8, burst: 64 },
    requests: { perSecond: 32, burst: 256 },
    // A hundred megabits a second.
    bytes: { perSecond: 12_500_000, burst: 25_000_000 },
  },
  networkBytes: 128 * 1024 * KB,
  handshakeMs: 10_000,
  handshakeCost: 8,
  floodCost: 50,
  firstByteMs: 30_000,
  allocateMs: 30_000,
  lifetimeMs: 600_000,
  permissionMs: 300_000,
  channelMs: 600_000,
  quotas: { member: 32, account: 128, network: 4_800 },
  maxRefusals: 32,
  strangerBytes: 2_048,
  messageBytes: 16_384,
  sweepMs: 5_000,
  closeMs: 1_000,
  queue: {
    pressedBytes: 128 * KB,
    fullBytes: 256 * KB,
    overflowBytes: 1024 * KB,
    stallMs: 200,
    deadMs: 60_000,
    smallBytes: 400,
  },
}

/** Sums since the start, except `connections` and `allocations`, which are the ones open now. */
export interface TunnelCounters {
  connections: number
  allocations: number
  /** Connections closed because a cap was reached. */
  turnedAway: number
  /** TLS handshakes that failed. */
  tlsFailures: number
  /** TURN connections closed because of what they sent. */
  malformed: number
  /** HTTP connections closed because they flooded, or did not read. */
  letGo: number
  packetsUp: number
  packetsDown: number
  droppedUp: number
  droppedDown: number
}

export function noCounts(): TunnelCounters {
  return {
    connections: 0,
    allocations: 0,
    turnedAway: 0,
    tlsFailures: 0,
    malformed: 0,
    letGo: 0,
    packetsUp: 0,
    packetsDown: 0,
    droppedUp: 0,
    droppedDown: 0,
  }
}
