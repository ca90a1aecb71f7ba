/** Lets go of clients that do not read what they are sent, before it fills the memory. */
import type { Limits } from '../limits.ts'
import type { Connection } from './connection.ts'

/** What a packet costs beside its bytes. */
const PACKET_BYTES = 256

interface Network {
  readonly readers: Set<Reader>
  unread: number
}

interface Reader {
  readonly connection: Connection
  readonly network: Network
  /** Not handed to the transport yet. */
  waiting: number
  /** Handed to the transport, not taken by the kernel yet. */
  sent: number
  /** When the kernel last took everything, or when something began to wait. */
  sinceMs: number
}

export class SlowReaders {
  readonly #limits: Limits
  readonly #now: () => number
  readonly #networks = new Map<string, Network>()

  constructor(limits: Limits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  watch(connection: Connection, name: string): void {
    const network = this.#networks.get(name) ?? { readers: new Set<Reader>(), unread: 0 }
    this.#networks.set(name, network)
    const reader: Reader = { connection, network, waiting: 0, sent: 0, sinceMs: this.#now() }
    network.readers.add(reader)
    connection.on('packetCreate', ({ data }) => this.#add(reader, data?.length ?? 0))
    // engine.io says `drain` when it hands everything to the transport, which says it when the kernel has taken it.
    connection.on('drain', () => {
      network.unread -= reader.sent
      reader.sent = reader.waiting
      reader.waiting = 0
    })
    connection.transport.on('drain', () => {
      network.unread -= reader.sent
      reader.sent = 0
      reader.sinceMs = this.#now()
    })
    connection.on('close', () => {
      if (!network.readers.delete(reader)) return
      network.unread -= unread(reader)
      if (network.readers.size === 0) this.#networks.delete(name)
    })
  }

  /** To be called every few seconds: whoever has taken nothing for long is let go, however little waits. */
  expire(): void {
    for (const { readers } of this.#networks.values()) {
      for (const reader of readers) {
        const late = this.#now() - reader.sinceMs > this.#limits.unreadMs
        if (unread(reader) > 0 && late) letGo(reader)
      }
    }
  }

  #add(reader: Reader, bytes: number): void {
    const { network } = reader
    if (unread(reader) === 0) reader.sinceMs = this.#now()
    reader.waiting += bytes + PACKET_BYTES
    network.unread += bytes + PACKET_BYTES
    if (unread(reader) > this.#limits.unreadBytes) letGo(reader)
    if (network.unread <= this.#limits.unreadNetworkBytes) return
    // Whoever holds up the most, not whoever was sent something last.
    letGo([...network.readers].reduce((most, one) => (unread(one) > unread(most) ? one : most)))
  }
}

function unread({ waiting, sent }: Reader): number {
  return waiting + sent
}

// Not closed in good order: that would wait for the very bytes that nobody reads.
function letGo({ connection }: Reader): void {
  connection.request.socket.destroy()
}
