/**
 * The time in which a member was listened to. It stands still while nothing of the member arrives: what a network that
 * froze holds back is neither late nor withheld, and the page sees by itself that the picture has stopped.
 */

/** A frozen network goes on by then or the connection is cut, so longer silence is not excused. */
const SILENT_MS = 20_000

export class Listening {
  #ms = 0
  #silentMs = 0
  #heard = false

  /** Milliseconds. */
  get ms(): number {
    return this.#ms
  }

  /** A frame of the member opened, or a signed word of it came. */
  heard(): void {
    this.#heard = true
  }

  /** So much time has passed with a connection. */
  passed(ms: number): void {
    this.#silentMs = this.#heard ? 0 : this.#silentMs + ms
    if (this.#silentMs === 0 || this.#silentMs > SILENT_MS) this.#ms += ms
    this.#heard = false
  }
}
