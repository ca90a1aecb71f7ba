/** A transformer without a browser: frames are written at one end and read at the other. */
import { MAX_UNDER_WAY, type EncodedFrame, type Transformer } from '../src/transform/encoded.ts'

export interface FakeTransformer extends Transformer {
  /** What came out so far, in order. */
  readonly out: EncodedFrame[]
  /** Feeds one frame and waits until the transform is done with it. */
  push(frame: EncodedFrame): Promise<void>
  end(): Promise<void>
  keyFrameRequests: number
  /** Layers whose encoder was asked for a key frame; undefined: the first. */
  readonly keyFramesOf: (string | undefined)[]
}

export function fakeTransformer(): FakeTransformer {
  const input = new TransformStream<EncodedFrame, EncodedFrame>()
  const writer = input.writable.getWriter()
  const out: EncodedFrame[] = []
  const writable = new WritableStream<EncodedFrame>({ write: (frame) => void out.push(frame) })
  const transformer: FakeTransformer = {
    readable: input.readable,
    writable,
    out,
    keyFrameRequests: 0,
    keyFramesOf: [],
    async push(frame) {
      await writer.write(frame)
      // So many are taken only when this one is done. Frames of no length are ignored.
      for (let i = 0; i <= MAX_UNDER_WAY; i++) await writer.write({ data: new ArrayBuffer(0) })
    },
    end: () => writer.close(),
    sendKeyFrameRequest() {
      transformer.keyFrameRequests++
      return Promise.resolve()
    },
    generateKeyFrame(rid?: string) {
      transformer.keyFramesOf.push(rid)
      return Promise.resolve()
    },
  }
  return transformer
}

export function frameOf(text: string | Uint8Array, type?: 'key' | 'delta'): EncodedFrame {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const data = Uint8Array.from(bytes).buffer
  return type ? { data, type } : { data }
}

/** A transformer without streams, for millions of frames: they come as fast as they are taken, until `next` gives null. */
export function frameSource(
  next: () => EncodedFrame | null,
  took: (frame: EncodedFrame) => void = () => undefined,
): { readonly transformer: Transformer; readonly written: number } {
  let written = 0
  let turn = 0
  const read = async (): Promise<unknown> => {
    // Now and then everything else has its turn, as it has between real frames.
    if (turn++ % 1024 === 0) await new Promise((resolve) => setTimeout(resolve, 0))
    const value = next()
    return { done: value === null, value }
  }
  const writer = {
    ...{ closed: new Promise(() => undefined), desiredSize: 1 },
    write: (frame: EncodedFrame) => {
      written += 1
      took(frame)
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
  const transformer = {
    readable: { getReader: () => ({ read, cancel: () => Promise.resolve() }) },
    writable: { getWriter: () => writer },
  } as unknown as Transformer
  return {
    transformer,
    get written() {
      return written
    },
  }
}
