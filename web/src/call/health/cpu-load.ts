/** Notices a machine that cannot keep up and says how many layers it should send and receive. */

export interface LoadSample {
  /** An encoder says that the processor limits it. */
  readonly cpuLimited: boolean
  /** Share (0..1) of received pictures that were thrown away before being shown. */
  readonly dropped: number
}

export interface Load {
  /** Highest spatial layer to send and to receive, 0 to 2. */
  readonly cap: number
  readonly badInARow: number
  readonly goodInARow: number
}

export const NO_LOAD: Load = { cap: 2, badInARow: 0, goodInARow: 0 }

const DROPPED_TOO_MANY = 0.25
const BAD_BEFORE_LESS = 2
// Going up is slow on purpose: a machine that was too slow once will be again.
const GOOD_BEFORE_MORE = 12

export function nextLoad(load: Load, sample: LoadSample): Load {
  if (sample.cpuLimited || sample.dropped > DROPPED_TOO_MANY) {
    const badInARow = load.badInARow + 1
    if (badInARow < BAD_BEFORE_LESS) return { cap: load.cap, badInARow, goodInARow: 0 }
    return { cap: Math.max(0, load.cap - 1), badInARow: 0, goodInARow: 0 }
  }
  const goodInARow = load.goodInARow + 1
  if (goodInARow < GOOD_BEFORE_MORE) return { cap: load.cap, badInARow: 0, goodInARow }
  return { cap: Math.min(2, load.cap + 1), badInARow: 0, goodInARow: 0 }
}
