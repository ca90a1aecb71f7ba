/** A clock that tests move by hand. */
import type { Clock, MonotonicMs } from '../src/clock.ts'

export class FakeClock implements Clock {
  #now = 0
  #nextId = 0
  readonly #timers = new Map<number, { readonly at: number; readonly run: () => void }>()

  now(): MonotonicMs {
    return this.#now as MonotonicMs
  }

  setTimer(ms: number, run: () => void): () => void {
    const id = this.#nextId++
    this.#timers.set(id, { at: this.#now + ms, run })
    return () => this.#timers.delete(id)
  }

  /** Moves on, running each due timer at its time and letting what it caused finish before the next. */
  async advance(ms: number, settle: () => Promise<void>): Promise<void> {
    await settle()
    const end = this.#now + ms
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end)
      const next = due.sort(([a, x], [b, y]) => x.at - y.at || a - b)[0]
      if (next === undefined) break
      const [id, { at, run }] = next
      this.#timers.delete(id)
      this.#now = Math.max(this.#now, at)
      run()
      await settle()
    }
    this.#now = end
    await settle()
  }
}
