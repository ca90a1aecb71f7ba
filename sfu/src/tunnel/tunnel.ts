/** What the tunnel is given, and what it can do for the rest of the program. */
import type { Server as HttpServer } from 'node:http'
import type { Duplex } from 'node:stream'
import type { TunnelCounters, TunnelLimits } from './limits.ts'
import type { RelayOptions, TunnelNote } from './relay.ts'
import type { TunnelTls } from './tls-options.ts'

export interface TunnelOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly tls: TunnelTls
  /** Gets a 'connection' for each HTTP socket; it must not listen itself. */
  readonly http: HttpServer
  readonly relay: RelayOptions
  readonly limits?: Partial<TunnelLimits>
  readonly onNote?: (note: TunnelNote) => void
}

export interface Tunnel {
  readonly port: number
  /** Ends the TURN connections at once, and HTTP ones when their response is complete. Idempotent. */
  close(): Promise<void>
  /** For connections made from now on. */
  replaceCertificate(tls: TunnelTls): void
  /** Whoever is at the other end of an HTTP connection has proved who it is: it gets more, and waits for no stranger. */
  trust(connection: Duplex): void
  counters(): TunnelCounters
  /**
   * Ends the TURN connections whose allocation was made with a username the predicate accepts.
   * @returns how many
   */
  drop(predicate: (username: string) => boolean): number
}
