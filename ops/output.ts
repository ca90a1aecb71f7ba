/** Standard output that may be full, stalled or gone: then lines are lost, and nothing else (O13 of docs/abuse-cases.md). */
import type { Writable } from 'node:stream'

/** Kept for a reader that is slow. */
const HELD_MAX_BYTES = 1_048_576

export interface Output {
  /** With its line break. Never throws, never waits. */
  write(line: string): void
}

/** @param onLost told how many lines were lost, once lines can be written again */
export function steadyOutput(stream: Writable, onLost?: (lines: number) => void): Output {
  let lost = 0
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore)
  return {
    write: (line) => {
      if (stream.writableLength > HELD_MAX_BYTES) {
        lost += 1
        return
      }
      stream.write(line, (error) => {
        if (error) lost += 1
        if (error || lost === 0) return
        const lines = lost
        lost = 0
        onLost?.(lines)
      })
    },
  }
}

// ENOSPC of a full disk, EPIPE of a reader that is gone: without a listener they would end the process.
function ignore(): void {
  return
}
