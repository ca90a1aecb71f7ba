/** Work that replies do not wait for, and what its failures look like in the log. */
import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Logger } from 'pino'

const LATER_MIN_MS = 50
const LATER_SPREAD_MS = 200

/**
 * Work that replies do not wait for, but `close` does. It begins a moment later, and not always the same one: begun at
 * once it would slow down the very reply that must not show whether there is any.
 */
export class Background {
  readonly #running = new Set<Promise<void>>()
  readonly #logger: Logger

  constructor(logger: Logger) {
    this.#logger = logger
  }

  run(work: () => Promise<void>): void {
    const running = setTimeout(LATER_MIN_MS + randomInt(LATER_SPREAD_MS))
      .then(work)
      .catch((error: unknown) =>
        this.#logger.error({ error: describe(error) }, 'background work failed'),
      )
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }
}

export function describe(error: unknown): { name: string; stack: string } {
  const known = error instanceof Error
  return { name: known ? error.name : typeof error, stack: known ? (error.stack ?? '') : '' }
}
