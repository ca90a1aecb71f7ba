/**
 * A network between browsers and a server's port: delay, loss as TCP feels it, and cuts. It counts serial round trips.
 *
 * Loopback has none of these, and the kernels of test machines often lack netem.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export interface Network {
  /** Added to every exchange, in milliseconds; half of it in each direction. */
  readonly rttMs: number
  /** Share of chunks (about a packet each) that are lost once: TCP holds back all behind them for a round trip. */
  readonly loss: number
}

const PACKET_BYTES = 1_400
/** What sending again takes besides the round trip. */
const RETRANSMISSION_MS = 30

/** How many round trips each side of the network has learned of: a chunk carries on what its sender knew. */
interface Knowledge {
  client: number
  server: number
}

export class DelayProxy {
  /** Port of the server; set once it is known, before anybody connects. */
  target = 0
  network: Network = { rttMs: 0, loss: 0 }
  readonly origin: string
  readonly #listener: Server
  readonly #open = new Set<Socket>()
  #known: Knowledge = { client: 0, server: 0 }

  static async open(): Promise<DelayProxy> {
    const listener = createServer({ noDelay: true })
    await new Promise<void>((listening) => listener.listen(0, '0.0.0.0', listening))
    return new DelayProxy(listener)
  }

  private constructor(listener: Server) {
    this.#listener = listener
    this.origin = `https://localhost:${(listener.address() as AddressInfo).port}`
    listener.on('connection', (client) => this.#pass(client))
  }

  /** Serial round trips since `count` was called: an upper bound, because what merely coincides is counted as well. */
  get roundTrips(): number {
    return this.#known.client
  }

  /** Begins to count. */
  count(): void {
    this.#known = { client: 0, server: 0 }
  }

  /** Ends every connection; new ones are passed on as before. */
  cut(): void {
    for (const socket of this.#open) socket.resetAndDestroy()
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#listener.close(done))
    this.cut()
    await closed
  }

  #pass(client: Socket): void {
    const server = connect({ port: this.target, host: '127.0.0.1', noDelay: true })
    // The kernel answered the client's SYN at once; over a network that had been a round trip.
    this.#carry(client, server, { to: 'server', openingMs: this.network.rttMs })
    this.#carry(server, client, { to: 'client', openingMs: 0 })
    for (const [end, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#open.add(end)
      // Broken connections are what this is for.
      end.on('error', () => undefined)
      end.on('close', () => {
        this.#open.delete(end)
        other.destroy()
      })
    }
  }

  #carry(
    from: Socket,
    into: Socket,
    { to, openingMs }: { to: keyof Knowledge; openingMs: number },
  ): void {
    let earliest = performance.now() + openingMs
    let opening = openingMs > 0
    const order = new Order()
    from.on('data', (chunk: Buffer) => {
      const known = this.#known
      const roundTrips = to === 'client' ? known.server + 1 : known.client + (opening ? 1 : 0)
      opening = false
      earliest = Math.max(earliest, performance.now() + this.network.rttMs / 2)
      if (this.#loses(chunk.length)) earliest += this.network.rttMs + RETRANSMISSION_MS
      order.after(earliest, () => {
        // Of another count.
        if (this.#known === known) known[to] = Math.max(known[to], roundTrips)
        if (!into.destroyed) into.write(chunk)
      })
    })
    from.on('end', () => order.after(earliest, () => into.end()))
  }

  #loses(bytes: number): boolean {
    const arrives = (1 - this.network.loss) ** Math.ceil(bytes / PACKET_BYTES)
    return Math.random() > arrives
  }
}

/** What is to happen in the order in which it was asked for: timers of different length may end in another one. */
class Order {
  readonly #waiting: (() => void)[] = []

  /** @param atMs of `performance.now()`, not before that of the call before */
  after(atMs: number, run: () => void): void {
    this.#waiting.push(run)
    setTimeout(() => this.#waiting.shift()?.(), Math.max(0, atMs - performance.now()))
  }
}
