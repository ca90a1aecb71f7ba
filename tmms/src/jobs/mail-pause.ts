/** How long mails wait after failures: each by itself, and all of them while the server fails everybody. */
import { randomInt } from 'node:crypto'

const FIRST_PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 30 * 60_000

/** While the server fails everybody. */
export class MailPause {
  #untilMs = 0
  #failures = 0
  #problem: string | null = null

  /** When the server is tried again. */
  get untilMs(): number {
    return this.#untilMs
  }

  /** Whether it failed everybody when it was tried last. */
  get failing(): boolean {
    return this.#failures > 0
  }

  /** Why nothing can be sent at the moment, or null. */
  get problem(): string | null {
    return this.#problem
  }

  begin(answer: string, nowMs: number): void {
    this.#problem = answer
    // Of several that were under way, the first says it for all.
    if (nowMs < this.#untilMs) return
    this.#untilMs = nowMs + pauseAfter(this.#failures)
    this.#failures += 1
  }

  /** The server is tried at once; what it did before still counts. */
  lift(): void {
    this.#untilMs = 0
  }

  /** It took a mail, or refused one for good. */
  end(): void {
    this.#failures = 0
    this.#problem = null
  }
}

/** Doubles from half a minute to half an hour; each time somewhat more or less, so that mails do not come in waves. */
export function pauseAfter(tries: number): number {
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(tries, 10), LONGEST_PAUSE_MS)
  return Math.round(pauseMs * (0.75 + randomInt(500) / 1000))
}
