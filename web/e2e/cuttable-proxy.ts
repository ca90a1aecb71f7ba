/** Stands between browsers and a server's port, passes every byte on, and can cut the connections of one address. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

interface Pair {
  readonly client: Socket
  readonly server: Socket
}

export class CuttableProxy {
  /** Port of the server; set once it is known, before anybody connects. */
  target = 0
  readonly origin: string
  readonly #listener: Server
  readonly #pairs = new Set<Pair>()
  readonly #cut = new Set<string>()

  static async open(): Promise<CuttableProxy> {
    const listener = createServer({ noDelay: true })
    await new Promise<void>((listening) => listener.listen(0, '0.0.0.0', listening))
    return new CuttableProxy(listener)
  }

  private constructor(listener: Server) {
    this.#listener = listener
    this.origin = `https://localhost:${(listener.address() as AddressInfo).port}`
    listener.on('connection', (client) => this.#pass(client))
  }

  /** Ends every connection made to this loopback address, and refuses new ones until `mend`. */
  cut(address: string): void {
    this.#cut.add(address)
    for (const { client, server } of this.#pairs) {
      if (client.localAddress !== address) continue
      client.resetAndDestroy()
      server.destroy()
    }
  }

  mend(address: string): void {
    this.#cut.delete(address)
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#listener.close(done))
    for (const { client } of this.#pairs) client.destroy()
    await closed
  }

  #pass(client: Socket): void {
    if (this.#cut.has(client.localAddress ?? '')) {
      client.resetAndDestroy()
      return
    }
    const server = connect({ port: this.target, host: '127.0.0.1', noDelay: true })
    const pair = { client, server }
    this.#pairs.add(pair)
    client.pipe(server).pipe(client)
    for (const [end, other] of [
      [client, server],
      [server, client],
    ] as const) {
      // Broken connections are what this is for.
      end.on('error', () => undefined)
      end.on('close', () => {
        this.#pairs.delete(pair)
        other.destroy()
      })
    }
  }
}
