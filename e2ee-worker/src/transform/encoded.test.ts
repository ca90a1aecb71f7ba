/** The pipe itself: many frames under way, one order. */
import { describe, expect, it } from 'vitest'
import { MAX_UNDER_WAY, MAX_UNWRITTEN, pipeFrames, type EncodedFrame } from './encoded.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))
const numberIn = ({ data }: EncodedFrame) => new Uint8Array(data)[0] ?? -1

/** A pipe whose frames are done when the test says so. */
function openPipe(passes: (number: number) => boolean = () => true) {
  const begun: number[] = []
  const out: number[] = []
  const done = new Map<number, () => void>()
  const input = new TransformStream<EncodedFrame, EncodedFrame>(undefined, {
    highWaterMark: Number.POSITIVE_INFINITY,
  })
  const writable = new WritableStream<EncodedFrame>({
    write: (frame) => void out.push(numberIn(frame)),
  })
  const ended = pipeFrames<number>(
    { readable: input.readable, writable },
    {
      begin: (frame) => {
        begun.push(numberIn(frame))
        return new Promise((resolve) =>
          done.set(numberIn(frame), () => {
            resolve(numberIn(frame))
          }),
        )
      },
      finish: (frame, number) => number === numberIn(frame) && passes(number),
    },
  )
  const writer = input.writable.getWriter()
  const push = (number: number) => void writer.write({ data: Uint8Array.of(number).buffer })
  return { begun, out, done, ended, push, close: () => writer.close() }
}

describe('the pipe of a transform', () => {
  it('lets frames overtake nobody, whichever is ready first', async () => {
    const { out, done, push } = openPipe()
    for (const number of [1, 2, 3]) push(number)
    await settle()
    done.get(3)?.()
    done.get(2)?.()
    await settle()
    expect(out).toEqual([])
    done.get(1)?.()
    await settle()
    expect(out).toEqual([1, 2, 3])
  })

  it('begins no more than a handful before the first is done', async () => {
    const { begun, done, push } = openPipe()
    for (let number = 0; number < 3 * MAX_UNDER_WAY; number++) push(number)
    await settle()
    expect(begun).toHaveLength(MAX_UNDER_WAY)
    done.get(5)?.()
    await settle()
    expect(begun).toHaveLength(MAX_UNDER_WAY)
    done.get(0)?.()
    await settle()
    expect(begun).toHaveLength(MAX_UNDER_WAY + 1)
  })

  it('a frame that is dropped leaves no gap behind which others wait', async () => {
    const { out, done, push } = openPipe((number) => number !== 2)
    for (const number of [1, 2, 3]) push(number)
    await settle()
    for (const finish of done.values()) finish()
    await settle()
    expect(out).toEqual([1, 3])
  })

  it('stops reading when what it writes is not taken', async () => {
    let read = 0
    const source = new TransformStream<EncodedFrame, EncodedFrame>(
      { transform: (frame, controller) => controller.enqueue(frame) },
      { highWaterMark: Number.POSITIVE_INFINITY },
    )
    const stuck = new WritableStream<EncodedFrame>({ write: () => new Promise(() => undefined) })
    void pipeFrames<null>(
      { readable: source.readable, writable: stuck },
      {
        begin: () => {
          read += 1
          return Promise.resolve(null)
        },
        finish: () => true,
      },
    )
    const writer = source.writable.getWriter()
    for (let n = 0; n < 200; n++) void writer.write({ data: Uint8Array.of(n).buffer })
    await settle()
    expect(read).toBeGreaterThan(MAX_UNWRITTEN)
    expect(read).toBeLessThanOrEqual(MAX_UNWRITTEN + MAX_UNDER_WAY)
  })

  it('ends only when every frame under way is through', async () => {
    const { out, done, ended, push, close } = openPipe()
    push(1)
    push(2)
    await settle()
    const closed = close()
    await settle()
    expect(out).toEqual([])
    for (const finish of done.values()) finish()
    await Promise.all([closed, ended])
    expect(out).toEqual([1, 2])
  })
})
