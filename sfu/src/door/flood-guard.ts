/** Counts every packet of every connection before anything reads it, and cuts off those that flood. */
import { TokenBucket } from '../bucket.ts'
import type { Limits } from '../limits.ts'
import { hangUp, type Connection } from './connection.ts'

// How socket.io writes an event of the main namespace (protocol revision 5); the sender may not even have got that far.
const GOODBYE = '2["event","goodbye",{"code":"too-many-messages"}]'

interface Budget {
  readonly messages: TokenBucket
  readonly bytes: TokenBucket
}

export class FloodGuard {
  readonly #limits: Limits
  readonly #now: () => number
  /** Whoever is not in here has said a proof at most. */
  readonly #proven = new WeakMap<Connection, Budget>()

  constructor(limits: Limits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  watch(connection: Connection): void {
    const unproven = this.#budget(this.#limits.unprovenMessages, this.#limits.unprovenBytes)
    let cut = false
    connection.on('packet', ({ data }) => {
      const { messages, bytes } = this.#proven.get(connection) ?? unproven
      const nowMs = this.#now()
      if (cut || (messages.take(1, nowMs) && bytes.take(data?.length ?? 0, nowMs))) return
      cut = true
      connection.write(GOODBYE)
      hangUp(connection)
    })
  }

  /** From now on this connection may say as much as a member needs. */
  trust(connection: Connection): void {
    this.#proven.set(connection, this.#budget(this.#limits.messages, this.#limits.bytes))
  }

  #budget(messages: Limits['messages'], bytes: Limits['bytes']): Budget {
    const nowMs = this.#now()
    return { messages: new TokenBucket(messages, nowMs), bytes: new TokenBucket(bytes, nowMs) }
  }
}
