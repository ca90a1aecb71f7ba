/**
 * What the transforms need of RTCRtpScriptTransformer and its frames; browsers differ in the rest, and tests bring their own.
 */

/** RTCEncodedVideoFrame or RTCEncodedAudioFrame; audio frames have no `type` in some browsers. */
export interface EncodedFrame {
  data: ArrayBuffer
  readonly type?: 'key' | 'delta' | 'empty'
}

export interface Transformer {
  readonly readable: ReadableStream<EncodedFrame>
  readonly writable: WritableStream<EncodedFrame>
  /** Present on receiving sides. */
  sendKeyFrameRequest?(): Promise<unknown>
  /** Present on sending sides, and not in Chromium. */
  generateKeyFrame?(rid?: string): Promise<unknown>
}

/** What a transform does with a frame, in two parts, so that several frames can be under way at once. */
export interface FrameWork<Result> {
  /** Called in the order the frames come, before any of them is finished. It never rejects. */
  begin(frame: EncodedFrame): Promise<Result>
  /** Called in the same order; says whether the frame, changed in place, goes on. It must not throw. */
  finish(frame: EncodedFrame, result: Result): boolean
}

/**
 * How many frames may be under way in one stream. A cipher call waits for another thread most of its time, and frames come
 * in heaps: after a pause of the network, or of this worker. More than this gains nothing.
 */
export const MAX_UNDER_WAY = 8

/**
 * How many finished frames may wait for the writable end. Browsers take a frame as soon as it is written, but say so a few
 * turns later: to wait for that before each frame would cost as much as sealing it. More than this gains nothing either, and
 * the memory of few frames stays in the processor's cache.
 */
export const MAX_UNWRITTEN = 4

interface UnderWay<Result> {
  readonly frame: EncodedFrame
  done: { readonly result: Result } | null
}

/**
 * Sends every frame through `work`, in order. There is no other way from the readable to the writable end.
 *
 * A loop instead of `pipeThrough`: a TransformStream in between doubles what a small frame costs.
 */
export async function pipeFrames<Result>(
  transformer: Transformer,
  work: FrameWork<Result>,
): Promise<void> {
  const reader = transformer.readable.getReader()
  const writer = transformer.writable.getWriter()
  // When the connection closes, no frame passes any more, which is what must happen: nobody needs to be told.
  const ignore = (): undefined => undefined
  const line = new Line(work, (frame) => void writer.write(frame).catch(ignore))
  writer.closed.catch((error: unknown) => reader.cancel(error)).catch(ignore)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      line.enter(value)
      if (line.length >= MAX_UNDER_WAY) await line.shorterThan(MAX_UNDER_WAY)
      if ((writer.desiredSize ?? 0) <= -MAX_UNWRITTEN) await writer.ready
    }
    await line.shorterThan(1)
    await writer.close()
  } catch (error) {
    await Promise.all([reader.cancel(error).catch(ignore), writer.abort(error).catch(ignore)])
  }
}

/** Frames under way: they leave in the order they came, whichever is ready first. */
class Line<Result> {
  readonly #work: FrameWork<Result>
  readonly #leave: (frame: EncodedFrame) => void
  readonly #frames: UnderWay<Result>[] = []
  #wake: { readonly below: number; readonly resolve: () => void } | null = null

  constructor(work: FrameWork<Result>, leave: (frame: EncodedFrame) => void) {
    this.#work = work
    this.#leave = leave
  }

  get length(): number {
    return this.#frames.length
  }

  enter(frame: EncodedFrame): void {
    const entry: UnderWay<Result> = { frame, done: null }
    this.#frames.push(entry)
    void this.#work.begin(frame).then((result) => {
      entry.done = { result }
      this.#advance()
    })
  }

  shorterThan(below: number): Promise<void> {
    if (this.#frames.length < below) return Promise.resolve()
    return new Promise((resolve) => (this.#wake = { below, resolve }))
  }

  #advance(): void {
    for (;;) {
      const first = this.#frames[0]
      if (!first?.done) break
      this.#frames.shift()
      if (this.#work.finish(first.frame, first.done.result)) this.#leave(first.frame)
    }
    if (this.#wake === null || this.#frames.length >= this.#wake.below) return
    this.#wake.resolve()
    this.#wake = null
  }
}
