/** Which counters opened under one generation of a sender key, by stream and step, and how far each stream has come. */
import { ReplayWindow } from '../sframe/replay.ts'

/** The highest counters that opened, by `windowKey`. */
export type SeenCounters = ReadonlyMap<number, number>

export interface Furthest {
  readonly step: number
  readonly ctr: number
}

export class CounterWindows {
  /** From an earlier stay of the member under this very generation. */
  readonly #before: SeenCounters
  /** One window per stream and step, made when the first frame opens. */
  readonly #windows = new Map<number, ReplayWindow>()
  /** By stream: how far it had opened, of the last committed step whose key is gone. */
  readonly #gone = new Map<number, Furthest>()

  constructor(before: SeenCounters) {
    this.#before = before
  }

  isFresh(stream: number, step: number, ctr: number): boolean {
    const key = windowKey(stream, step)
    return this.#windows.get(key)?.isFresh(ctr) ?? ctr > this.#highestBefore(key)
  }

  /** Notes the counter of a frame that opened; false when it is a repetition. */
  accept(stream: number, step: number, ctr: number): boolean {
    const key = windowKey(stream, step)
    const window = this.#windows.get(key) ?? new ReplayWindow(this.#highestBefore(key))
    this.#windows.set(key, window)
    return window.accept(ctr)
  }

  /** What must not open again, should the member go and come back under this generation. */
  seen(): SeenCounters {
    const highest = [...this.#windows].map(([key, window]) => [key, window.highest] as const)
    return new Map([...this.#before, ...highest])
  }

  /** The last step up to `committed`, and the highest counter in it, of which a frame of this stream opened. */
  furthest(stream: number, committed: number): Furthest | null {
    let furthest = this.#gone.get(stream) ?? null
    for (const [key, { highest }] of this.#windows) {
      const step = key & 0xff
      if (key >> 8 !== stream || step > committed || step < (furthest?.step ?? 0)) continue
      furthest = { step, ctr: highest }
    }
    return furthest
  }

  /** The key of this step is gone. What opened under it is still how far its streams have come, up to `committed`. */
  forget(step: number, committed: number): void {
    for (const [key, { highest }] of this.#windows) {
      if ((key & 0xff) === step) this.#forgetWindow(key, { step, ctr: highest }, committed)
    }
  }

  #highestBefore(key: number): number {
    return this.#before.get(key) ?? -1
  }

  /** A stream that was muted since is not late because its key is gone. */
  #forgetWindow(window: number, reached: Furthest, committed: number): void {
    this.#windows.delete(window)
    const stream = window >> 8
    const { step } = this.#gone.get(stream) ?? { step: -1 }
    if (reached.step > step && reached.step <= committed) this.#gone.set(stream, reached)
  }
}

function windowKey(stream: number, step: number): number {
  return (stream << 8) | step
}
