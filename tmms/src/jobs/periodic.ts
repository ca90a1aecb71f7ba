/** Work that is done again and again, never twice at once, and that ends no process when it fails. */

export class Periodic {
  readonly #timer: NodeJS.Timeout
  readonly #work: () => Promise<unknown>
  readonly #onFailure: (error: unknown) => void
  #running: Promise<void> | null = null

  /** @param onFailure is told what the work threw, and throws nothing; the next time comes all the same. */
  constructor(periodMs: number, work: () => Promise<unknown>, onFailure: (error: unknown) => void) {
    this.#work = work
    this.#onFailure = onFailure
    // Catches everything itself.
    const turn = (): void => void this.run()
    this.#timer = setInterval(turn, periodMs)
    // Nothing but this would keep a process alive.
    this.#timer.unref()
  }

  /** Does it now, or waits for what is under way. */
  run(): Promise<void> {
    return (this.#running ??= this.#once())
  }

  /** No further time; what is under way is waited for. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  async #once(): Promise<void> {
    try {
      await this.#work()
    } catch (error) {
      this.#onFailure(error)
    } finally {
      this.#running = null
    }
  }
}
