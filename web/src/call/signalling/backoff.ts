/** How long to wait before the n-th attempt to come back. */

const FIRST_MS = 300
const LONGEST_MS = 8_000

/**
 * Exponential with full jitter above half, so that a restarted server is not met by everybody at once.
 * @param attempt counted from 0
 * @param random 0 (included) to 1 (excluded)
 */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 20))
  return Math.round(ceiling / 2 + (random * ceiling) / 2)
}

/** Waits, or less when the network comes back or the wait is called off. */
export function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      globalThis.removeEventListener('online', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, durationMs)
    globalThis.addEventListener('online', done)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}

/** Waits for the work, but no longer than this, and whatever becomes of it. */
export function within(durationMs: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs)
    work.then(
      () => resolve(),
      () => resolve(),
    )
  })
}
