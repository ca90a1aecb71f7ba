/** The order of a session: whatever changes it runs as one task after another, and stops when the session is closed. */
import { E2eeError } from '../errors.ts'
import { SerialQueue } from '../queue.ts'

export interface TasksHost {
  /** No task waits any longer. */
  idle(): void
  /** What follows from any change. */
  settle(): Promise<void>
  failed(error: unknown): void
}

export class Tasks {
  readonly #queue: SerialQueue
  readonly #host: TasksHost
  readonly #ended = Promise.withResolvers<undefined>()
  #closed = false

  constructor(host: TasksHost) {
    this.#host = host
    this.#queue = new SerialQueue(() => host.idle())
  }

  /** Tasks not finished yet. */
  get size(): number {
    return this.#queue.size
  }

  /** Resolves when the session is closed. */
  get ended(): Promise<undefined> {
    return this.#ended.promise
  }

  /** @throws E2eeError E_STATE once the session is closed. */
  requireOpen(): void {
    if (this.#closed) throw new E2eeError('E_STATE')
  }

  /** Whoever calls this does not wait, so a failure goes to the host. */
  run(task: () => void | Promise<void>): void {
    const guarded = async (): Promise<void> => {
      if (this.#closed) return
      await task()
      await this.#host.settle()
    }
    this.#queue.run(guarded).catch((error: unknown) => this.#host.failed(error))
  }

  /** The same for what the page asked, which waits for it. @throws E2eeError E_STATE once the session is closed. */
  decide(decision: () => Promise<void>): Promise<void> {
    return this.#queue.run(async () => {
      this.requireOpen()
      await decision()
      await this.#host.settle()
    })
  }

  /** Runs what looks at the session and changes nothing: nothing follows from it. */
  observe(task: () => void): void {
    void this.#queue.run(() => {
      if (!this.#closed) task()
    })
  }

  /** The last task: nothing runs after it, even when `farewell` fails. */
  close(farewell: () => Promise<void>, erase: () => void): Promise<void> {
    return this.#queue.run(async () => {
      if (this.#closed) return
      try {
        await farewell()
      } finally {
        this.#closed = true
        this.#ended.resolve(undefined)
        erase()
      }
    })
  }
}
