/** What is said for a while only: news that stay true for long are not worth a line above the pictures for as long. */

/** Long enough to be read twice. */
export const SOON_MS = 12_000

export class ForAWhile {
  readonly #onOver: (text: string) => void
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()

  constructor(onOver: (text: string) => void) {
    this.#onOver = onOver
  }

  /** @param texts - everything that is true now; what is true again is said for as long again */
  say(texts: readonly string[]): void {
    for (const [text, timer] of this.#timers) {
      if (texts.includes(text)) continue
      clearTimeout(timer)
      this.#timers.delete(text)
    }
    for (const text of texts)
      if (!this.#timers.has(text))
        this.#timers.set(
          text,
          setTimeout(() => this.#onOver(text), SOON_MS),
        )
  }

  /** Idempotent. */
  close(): void {
    this.say([])
  }
}
