/** All HTTP connections of the tunnel: given to the HTTP server, and let go when they flood or do not read. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { HttpConnection, type HttpConnectionParts } from './http-connection.ts'

export interface HttpConnectionsOptions extends HttpConnectionParts {
  readonly server: Server
  readonly networkBytes: number
  readonly onLetGo: (reason: 'flooding' | 'not-reading') => void
}

export class HttpConnections {
  readonly #options: HttpConnectionsOptions
  readonly #all = new Set<HttpConnection>()

  constructor(options: HttpConnectionsOptions) {
    this.#options = options
    options.server.prependListener(
      'request',
      (request: IncomingMessage, response: ServerResponse) => {
        const connection: Duplex = request.socket
        if (connection instanceof HttpConnection) connection.answer(request, response)
      },
    )
  }

  /** @param first what has been read from the socket */
  open(socket: TLSSocket, network: string, first: Buffer): void {
    const connection = new HttpConnection(socket, network, this.#options)
    this.#all.add(connection)
    connection.on('close', () => this.#all.delete(connection))
    this.#options.server.emit('connection', connection)
    connection.receive(first)
  }

  /** Called every few seconds. */
  expire(nowMs: number): void {
    const held = new Map<string, HttpConnection[]>()
    for (const connection of this.#all) {
      const reason = connection.expire(nowMs)
      if (reason !== null) this.#letGo(connection, reason)
      else if (connection.heldBytes > 0) {
        held.set(connection.network, [...(held.get(connection.network) ?? []), connection])
      }
    }
    for (const connections of held.values()) this.#relieve(connections)
  }

  /** Of one network, those with most of what it does not read go first. */
  #relieve(connections: readonly HttpConnection[]): void {
    let sum = connections.reduce((bytes, { heldBytes }) => bytes + heldBytes, 0)
    for (const connection of connections.toSorted((a, b) => b.heldBytes - a.heldBytes)) {
      if (sum <= this.#options.networkBytes) return
      sum -= connection.heldBytes
      this.#letGo(connection, 'not-reading')
    }
  }

  #letGo(connection: HttpConnection, reason: 'flooding' | 'not-reading'): void {
    // Its end is told later; until then it must not be let go again.
    this.#all.delete(connection)
    connection.destroy()
    this.#options.onLetGo(reason)
  }
}
