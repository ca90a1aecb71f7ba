/** Runs a session's tasks one after another, so that what one message changes the next one sees. */

export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** Tasks not finished yet. */
  get size(): number {
    return this.#waiting
  }

  run<T>(task: () => T | Promise<T>): Promise<T> {
    this.#waiting += 1
    const result = this.#tail.then(task).finally(() => (this.#waiting -= 1))
    // The next task runs whatever became of this one; the caller hears of the failure.
    this.#tail = result.catch(() => undefined)
    return result
  }
}
