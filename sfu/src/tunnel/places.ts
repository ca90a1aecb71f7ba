/** Who holds a connection: a cap on all of them, and shares for those that have proved nothing. */
import type { Socket } from 'node:net'
import { networkOf } from '../ip.ts'
import { Shares, type ShareLimits } from '../shares.ts'

interface Place {
  readonly network: string
  stranger: boolean
}

export class Places {
  readonly #most: number
  readonly #shares: Shares
  /** By the far end of the connection, which the sockets below and above TLS have in common. */
  readonly #places = new Map<string, Place>()

  constructor(most: number, strangers: ShareLimits) {
    this.#most = most
    this.#shares = new Shares(strangers)
  }

  /** The network of the connection, or null when there is no place for it. */
  admit(socket: Socket): string | null {
    const end = farEnd(socket)
    const network = networkOf(socket.remoteAddress ?? '')
    if (this.#places.size >= this.#most || !this.#shares.take(network)) return null
    const place = { network, stranger: true }
    this.#places.set(end, place)
    socket.on('close', () => {
      this.#places.delete(end)
      if (place.stranger) this.#shares.give(network)
    })
    return network
  }

  /** Who has proved something takes no stranger's place. */
  trust(socket: Socket): void {
    const place = this.#places.get(farEnd(socket))
    if (place?.stranger !== true) return
    place.stranger = false
    this.#shares.give(place.network)
  }
}

function farEnd({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
