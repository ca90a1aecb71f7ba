/** Hands many envelopes to the page in few events, each within what the TCS takes in one request. */
import type { Bytes } from '../../wire.ts'
import type { WorkerEvent } from '../../events.ts'
import type { MemberId } from '../../protocol.ts'

const MAX_MESSAGES = 500
const MAX_BYTES = 200_000

interface Addressed {
  readonly to: MemberId
  readonly bytes: Bytes
}

export class Batch {
  readonly #emit: (event: WorkerEvent) => void
  #messages: Addressed[] = []
  #bytes = 0

  constructor(emit: (event: WorkerEvent) => void) {
    this.#emit = emit
  }

  /** Messages not sent yet. */
  get size(): number {
    return this.#messages.length
  }

  add(to: MemberId, bytes: Bytes): void {
    const full = this.#messages.length === MAX_MESSAGES
    if (full || this.#bytes + bytes.byteLength > MAX_BYTES) this.flush()
    this.#messages.push({ to, bytes })
    this.#bytes += bytes.byteLength
  }

  /** Sends what is left. */
  flush(): void {
    const [first, ...more] = this.#messages
    if (first === undefined) return
    if (more.length === 0) this.#emit({ type: 'send', ...first })
    else this.#emit({ type: 'send-many', messages: this.#messages })
    this.#messages = []
    this.#bytes = 0
  }
}
