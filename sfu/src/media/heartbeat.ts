/** Notices a process that hangs: it lives, but answers nothing. */
import { guarded } from '../guarded.ts'

/** Times the length of a round. */
const LATE = 1.5

export interface HeartbeatOptions {
  /** Asks for any answer at all. */
  readonly ask: () => Promise<unknown>
  /** How many rounds in a row may pass without an answer. */
  readonly rounds: number
  readonly everyMs: number
  /** Milliseconds of a clock that only runs forward. */
  readonly now: () => number
  readonly onHung: () => void
  /** Gets what `ask` or `onHung` throws. */
  readonly onFault: (error: unknown) => void
}

export class Heartbeat {
  readonly #options: HeartbeatOptions
  readonly #timer: NodeJS.Timeout
  #waiting = false
  #beatAtMs: number
  #missed = 0

  constructor(options: HeartbeatOptions) {
    this.#options = options
    this.#beatAtMs = options.now()
    const beat = guarded(() => this.#beat(), options.onFault)
    this.#timer = setInterval(beat, options.everyMs).unref()
  }

  /** Rounds without an answer up to now. */
  get missed(): number {
    return this.#missed
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  // Rounds are counted, not milliseconds: when this process itself stood still, the answer lies there to be read. A round
  // that came late says that the machine is too busy to judge anybody.
  #beat(): void {
    const sinceMs = this.#options.now() - this.#beatAtMs
    this.#beatAtMs += sinceMs
    if (this.#waiting) {
      if (sinceMs <= this.#options.everyMs * LATE) this.#missed += 1
      if (this.#missed < this.#options.rounds) return
      this.stop()
      this.#options.onHung()
      return
    }
    this.#waiting = true
    this.#options.ask().then(
      () => {
        this.#waiting = false
        this.#missed = 0
      },
      // It has died, which is noticed elsewhere.
      () => this.stop(),
    )
  }
}
