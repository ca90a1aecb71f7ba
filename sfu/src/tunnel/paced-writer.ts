/** Writes to a socket in parts, so that progress can be told from a write that stands still. */
import type { Writable } from 'node:stream'

/** One TLS record. */
const PART_BYTES = 16_384
const EMPTY: Buffer = Buffer.alloc(0)

export class PacedWriter {
  readonly #socket: Pick<Writable, 'write' | 'cork' | 'uncork'>
  /** Milliseconds that never go back. */
  readonly #clock: () => number
  #writingSinceMs: number | null = null

  constructor(socket: Pick<Writable, 'write' | 'cork' | 'uncork'>, clock: () => number) {
    this.#socket = socket
    this.#clock = clock
  }

  /** When the kernel last took something of what waits; null when nothing does. */
  get writingSinceMs(): number | null {
    return this.#writingSinceMs
  }

  /** Something is on its way that is not written here. */
  begin(): void {
    this.#writingSinceMs = this.#clock()
  }

  /** @param done is called when the kernel has taken everything */
  write(chunks: readonly Buffer[], done: () => void): void {
    const parts = chunks.flatMap(split)
    const writeFrom = (start: number): void => {
      this.begin()
      const end = endOfPart(parts, start)
      this.#socket.cork()
      for (const part of parts.slice(start, end - 1)) this.#socket.write(part)
      this.#socket.write(parts[end - 1] ?? EMPTY, () => {
        if (end < parts.length) {
          writeFrom(end)
          return
        }
        this.#writingSinceMs = null
        done()
      })
      this.#socket.uncork()
    }
    writeFrom(0)
  }
}

/** Behind the last of the parts that go out together. */
function endOfPart(parts: readonly Buffer[], start: number): number {
  let bytes = 0
  let end = start
  while (end < parts.length && bytes < PART_BYTES) {
    bytes += parts[end]?.length ?? 0
    end += 1
  }
  return Math.max(end, start + 1)
}

function split(chunk: Buffer): Buffer[] {
  if (chunk.length <= PART_BYTES) return [chunk]
  const starts = Array.from(
    { length: Math.ceil(chunk.length / PART_BYTES) },
    (_, i) => i * PART_BYTES,
  )
  return starts.map((start) => chunk.subarray(start, start + PART_BYTES))
}
