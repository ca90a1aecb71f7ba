/** What all TURN connections of one tunnel share: the contract with the media side, quotas, limits and counters. */
import { networkOf } from '../ip.ts'
import type { Endpoint } from './address.ts'
import type { PeerAccess } from './allocation.ts'
import { Quotas } from './quotas.ts'
import type { TunnelCounters, TunnelLimits } from './limits.ts'
import { FlushList } from './outbox.ts'
import type { SessionOptions } from './turn-session.ts'
import type { Turnstile } from './turnstile.ts'

export interface RelayOptions {
  readonly realm: string
  /** Password for a username that is valid now, or null. */
  readonly passwordOf: (username: string) => string | null
  /** Made up, and announced by mediasoup for all workers. The only address there are permissions for. */
  readonly peerAddress: string
  /** Maps the made-up peer address and port announced by mediasoup to the worker's loopback TCP port; null is 403. */
  readonly workerPort: (address: string, port: number) => number | null
  /** The XOR-RELAYED-ADDRESS told to clients. Made up, and not loopback: Firefox refuses that without a word. */
  readonly relayAddress: string
  /** Send an RFC 4571 null frame after each read, for workers built without TCP_NODELAY. */
  readonly nullFrames: boolean
}

/** Something the log may want to know. Carries no address, no username and no secret. */
export interface TunnelNote {
  readonly event: 'turned-away' | 'tls-failed' | 'turn-connection-ended' | 'let-go' | 'fault'
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
  readonly turnstile: Turnstile
  readonly #quotas: Quotas
  #nextPort = 0

  constructor(
    options: RelayOptions,
    limits: TunnelLimits,
    watch: { counters: TunnelCounters; note: (note: TunnelNote) => void; turnstile: Turnstile },
  ) {
    this.options = options
    this.limits = limits
    this.#quotas = new Quotas(limits.quotas)
    this.counters = watch.counters
    this.note = watch.note
    this.turnstile = watch.turnstile
    this.flushList = new FlushList((error) => this.note({ event: 'fault', reason: 'flush', error }))
  }

  sessionOptions(client: Endpoint, openLeg: PeerAccess['openLeg']): SessionOptions {
    const { options, limits } = this
    const network = networkOf(client.address)
    return {
      client,
      openLeg,
      realm: options.realm,
      passwordOf: options.passwordOf,
      peerAddress: options.peerAddress,
      workerPort: options.workerPort,
      relayedEndpoint: () => this.#relayedEndpoint(),
      reserve: (owner) => this.#reserve(owner, network),
      release: (owner) => this.#release(owner, network),
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

  #reserve(owner: string, network: string): boolean {
    const taken = this.#quotas.take(owner, network)
    if (taken) this.counters.allocations += 1
    return taken
  }

  #release(owner: string, network: string): void {
    this.#quotas.give(owner, network)
    this.counters.allocations -= 1
  }
}
