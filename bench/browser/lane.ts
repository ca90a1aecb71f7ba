/** One stream through a transform: frames are put in at one end and come out at the other. */
import type { Transformer } from '../../e2ee-worker/src/transform/encoded.ts'
import type { BenchFrame } from './encoded.ts'

/** Takes frames through and gives back what came out, in order. */
export interface Lane {
  run(frames: readonly BenchFrame[]): Promise<BenchFrame[]>
}

/** The two ends of an RTCRtpScriptTransformer, in the same realm. */
export class StreamLane implements Lane {
  /** What happens to a frame that came out. */
  onOut: (frame: BenchFrame) => void = () => undefined
  readonly transformer: Transformer
  #source!: ReadableStreamDefaultController<BenchFrame>

  constructor() {
    const readable = new ReadableStream<BenchFrame>({
      start: (controller) => void (this.#source = controller),
    })
    const writable = new WritableStream<BenchFrame>({ write: (frame) => this.onOut(frame) })
    this.transformer = {
      readable,
      writable,
      sendKeyFrameRequest: () => Promise.resolve(),
    }
  }

  push(frame: BenchFrame): void {
    this.#source.enqueue(frame)
  }

  run(frames: readonly BenchFrame[]): Promise<BenchFrame[]> {
    return new Promise((resolve) => {
      const out: BenchFrame[] = []
      this.onOut = (frame) => {
        out.push(frame)
        if (out.length === frames.length) resolve(out)
      }
      for (const frame of frames) this.push(frame)
    })
  }
}
