/** What all TURN connections of one tunnel share: the contract with the media side, quotas, limits and counters. */
import type { Endpoint } from './address.ts'
import type { PeerAccess } from './allocation.ts'
import type { TunnelCounters, TunnelLimits } from './limits.ts'
import { FlushList } from './outbox.ts'
import type { SessionOptions } from './turn-session.ts'

export interface RelayOptions {
  readonly realm: string
  /** Password for a username that is valid now, or null. */
  readonly passwordOf: (username: string) => string | null
  /** Maps the made-up peer address and port announced by mediasoup to the worker's loopback TCP port; null is 403. */
  readonly workerPort: (address: string, port: number) => number | null
  /** The XOR-RELAYED-ADDRESS told to clients. Made up, and not loopback: Firefox refuses that without a word. */
  readonly relayAddress: string
  /** Send an RFC 4571 null frame after each read, for workers built without TCP_NODELAY. */
  readonly nullFrames: boolean
}

/** Something the log may want to know. Carries no address, no username and no secret. */
export interface TunnelNote {
  readonly event: 'turned-away' | 'tls-failed' | 'turn-connection-ended' | 'fault'
  readonly reason: string
  /** What a fault of our own threw. */
  readonly error?: unknown
}

const FIRST_PORT = 49_152
const PORTS = 16_384

export class Relay {
  readonly options: RelayOptions
  readonly limits: TunnelLimits
  readonly counters: TunnelCounters
  readonly note: (note: TunnelNote) => void
  readonly flushList: FlushList
  readonly #allocations = new Map<string, number>()
  #nextPort = 0

  constructor(
    options: RelayOptions,
    limits: TunnelLimits,
    watch: { counters: TunnelCounters; note: (note: TunnelNote) => void },
  ) {
    this.options = options
    this.limits = limits
    this.counters = watch.counters
    this.note = watch.note
    this.flushList = new FlushList((error) => this.note({ event: 'fault', reason: 'flush', error }))
  }

  sessionOptions(client: Endpoint, openLeg: PeerAccess['openLeg']): SessionOptions {
    const { options, limits } = this
    return {
      client,
      openLeg,
      realm: options.realm,
      passwordOf: options.passwordOf,
      workerPort: options.workerPort,
      relayedEndpoint: () => this.#relayedEndpoint(),
      reserve: (owner) => this.#reserve(owner),
      release: (owner) => this.#release(owner),
      lifetimeMs: limits.lifetimeMs,
      permissionMs: limits.permissionMs,
      channelMs: limits.channelMs,
      maxRefusals: limits.maxRefusals,
    }
  }

  #relayedEndpoint(): Endpoint {
    this.#nextPort = (this.#nextPort + 1) % PORTS
    return { address: this.options.relayAddress, port: FIRST_PORT + this.#nextPort }
  }

  #reserve(owner: string): boolean {
    const count = this.#allocations.get(owner) ?? 0
    if (count >= this.limits.quota) return false
    this.#allocations.set(owner, count + 1)
    this.counters.allocations += 1
    return true
  }

  #release(owner: string): void {
    const count = (this.#allocations.get(owner) ?? 1) - 1
    if (count === 0) this.#allocations.delete(owner)
    else this.#allocations.set(owner, count)
    this.counters.allocations -= 1
  }
}
