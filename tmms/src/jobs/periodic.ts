/** Work that is done again and again, never twice at once, and that ends no process when it fails. */

export class Periodic {
  readonly #timers: readonly NodeJS.Timeout[]
  readonly #work: () => Promise<unknown>
  readonly #onFailure: (error: unknown) => void
  #running: Promise<void> | null = null

  /**
   * @param period how long from one time to the next; `firstMs`: until the first time, when that is sooner
   * @param onFailure is told what the work threw, and throws nothing; the next time comes all the same.
   */
  constructor(
    period: number | { readonly firstMs: number; readonly eachMs: number },
    work: () => Promise<unknown>,
    onFailure: (error: unknown) => void,
  ) {
    this.#work = work
    this.#onFailure = onFailure
    // Catches everything itself.
    const turn = (): void => void this.run()
    this.#timers =
      typeof period === 'number'
        ? [setInterval(turn, period)]
        : [setTimeout(turn, period.firstMs), setInterval(turn, period.eachMs)]
    // Nothing but these would keep a process alive.
    for (const timer of this.#timers) timer.unref()
  }

  /** Does it now, or waits for what is under way. */
  run(): Promise<void> {
    return (this.#running ??= this.#once())
  }

  /** No further time; what is under way is waited for. */
  async close(): Promise<void> {
    // Ends a timeout as well.
    for (const timer of this.#timers) clearInterval(timer)
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
