/** Every number that bounds the tunnel, in one place, and what it counts. */
export interface TunnelLimits {
  /** Open connections of any kind; the next one is closed before its TLS handshake. */
  readonly maxConnections: number
  /** The same for one IPv4 address or IPv6 /64. Generous: a whole office may sit behind one address. */
  readonly maxPerAddress: number
  readonly handshakeMs: number
  /** After TLS, until the first byte. Browsers keep idle connections in reserve, so not too short. */
  readonly firstByteMs: number
  /** A TURN connection without an allocation is closed after this. */
  readonly allocateMs: number
  readonly lifetimeMs: number
  readonly permissionMs: number
  readonly channelMs: number
  /** Allocations of one member in one session. A browser makes about four for each transport. */
  readonly quota: number
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
  /** Opus packets stay below this, video packets seldom do. */
  readonly smallBytes: number
}

export const defaultLimits: TunnelLimits = {
  maxConnections: 10_000,
  maxPerAddress: 2_000,
  handshakeMs: 10_000,
  firstByteMs: 30_000,
  allocateMs: 30_000,
  lifetimeMs: 600_000,
  permissionMs: 300_000,
  channelMs: 600_000,
  quota: 32,
  maxRefusals: 32,
  strangerBytes: 2_048,
  messageBytes: 16_384,
  sweepMs: 5_000,
  closeMs: 1_000,
  queue: {
    pressedBytes: 128 * 1024,
    fullBytes: 256 * 1024,
    overflowBytes: 1024 * 1024,
    stallMs: 200,
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
    packetsUp: 0,
    packetsDown: 0,
    droppedUp: 0,
    droppedDown: 0,
  }
}
