/** All that a session sends, in the order in which it was made; answers go out together while it has more to read. */
import type { Bytes } from '../../wire.ts'
import type { WorkerEvent } from '../../events.ts'
import type { MemberId } from '../../protocol.ts'
import { Batch } from './batch.ts'

/** Answers wait for so few others: whoever needs one should not wait for all that we have to do. */
const TOGETHER = 16

export class Outbox {
  readonly #emit: (event: WorkerEvent) => void
  readonly #batch: Batch

  constructor(emit: (event: WorkerEvent) => void) {
    this.#emit = emit
    this.#batch = new Batch(emit)
  }

  /** What was sealed before a message goes out before it: everybody is to hear things in our order. */
  emit(event: WorkerEvent): void {
    if (event.type === 'send') this.flush()
    this.#emit(event)
  }

  /** To be sent with the next `flush`. */
  add(to: MemberId, bytes: Bytes): void {
    this.#batch.add(to, bytes)
  }

  /** To be sent with the next `flush`, or when enough others wait as well. */
  answer(to: MemberId, bytes: Bytes): void {
    this.add(to, bytes)
    if (this.#batch.size >= TOGETHER) this.flush()
  }

  flush(): void {
    this.#batch.flush()
  }
}
