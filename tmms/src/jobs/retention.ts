/** Soon after the start and every hour: what has reached its time is deleted, step by step, with room for requests in between. */
import { setImmediate } from 'node:timers/promises'
import type { Context } from '../domain/context.ts'
import { purgeSome } from '../domain/retention.ts'
import { Periodic } from './periodic.ts'

/** A server that is restarted every night would else never come to it; the start itself is not kept waiting. */
const WHEN = { firstMs: 60_000, eachMs: 3_600_000 } as const

export class RetentionJob {
  readonly #periodic: Periodic
  #closed = false

  constructor(context: Context, onFailure: (error: unknown) => void) {
    this.#periodic = new Periodic(WHEN, () => this.#purge(context), onFailure)
  }

  /** Does it now, or waits for what is under way. */
  run(): Promise<void> {
    return this.#periodic.run()
  }

  /** Waits for the step that is under way; the rest is deleted after the next start. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#periodic.close()
  }

  async #purge(context: Context): Promise<void> {
    while (!this.#closed && (await purgeSome(context))) await setImmediate()
  }
}
