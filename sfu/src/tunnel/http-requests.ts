/** Where HTTP requests end, without reading what is in them. */
import type { Piece } from './websocket-frames.ts'

const EMPTY_LINES = ['\n\r\n', '\n\n']
/** An empty line that is cut has one byte at least in what follows. */
const CUT_BYTES = 2
const NOTHING: Buffer = Buffer.alloc(0)

export class HttpRequests {
  /** The last bytes of the piece before, in which an empty line may have begun. */
  #last = NOTHING

  /**
   * Everything up to the first empty line, so that it holds the head of one request at most. A body is cut at its own empty
   * lines, which changes nothing for whoever reads it.
   * @param bytes all that is there; the piece that is answered counts as handed on
   */
  cut(bytes: Buffer): Piece {
    const joint = Buffer.concat([this.#last, bytes.subarray(0, CUT_BYTES)])
    const ends = [...endsIn(joint).map((end) => end - this.#last.length), ...endsIn(bytes)]
    if (ends.length > 0) {
      this.#last = NOTHING
      return { bytes: Math.min(...ends), messages: 1 }
    }
    this.#last = Buffer.from(tail(bytes.length < CUT_BYTES ? joint : bytes))
    return { bytes: bytes.length, messages: 0 }
  }
}

function endsIn(bytes: Buffer): number[] {
  return EMPTY_LINES.flatMap((line) => {
    const at = bytes.indexOf(line)
    return at === -1 ? [] : [at + line.length]
  })
}

function tail(bytes: Buffer): Buffer {
  return bytes.subarray(-CUT_BYTES)
}
