/** Runs a session's tasks one after another, so that what one message changes the next one sees. */

export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve()
  readonly #idle: () => void
  #waiting = 0

  /** `idle` is called whenever the last task has ended and no other waits. */
  constructor(idle: () => void = () => undefined) {
    this.#idle = idle
  }

  /** Tasks not finished yet. */
  get size(): number {
    return this.#waiting
  }

  run<T>(task: () => T | Promise<T>): Promise<T> {
    this.#waiting += 1
    const result = this.#tail.then(task).finally(() => this.#ended())
    // The next task runs whatever became of this one; the caller hears of the failure.
    this.#tail = result.catch(() => undefined)
    return result
  }

  #ended(): void {
    this.#waiting -= 1
    if (this.#waiting === 0) this.#idle()
  }
}
