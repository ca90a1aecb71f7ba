/** What is said of the frames we sealed: each once, in runs of counters, in statements of bounded size. */
import { createHash } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { decodeStatement, encodeStatement } from '../../messages/statements.ts'
import type { Vouch } from '../../messages/vouch-statement.ts'
import { SealedLog } from './sealed-log.ts'

const kid = (stream: number, step = 0, gen = 3) => ({ gen, stream, step })
const frameOf = (ctr: number, bytes = 120): Uint8Array<ArrayBuffer> =>
  new Uint8Array(bytes).fill(ctr)
const hashOf = (frame: Uint8Array): string =>
  createHash('sha256').update(frame).digest('hex').slice(0, 16)

const runs = ({ entries }: Vouch): readonly string[] =>
  entries.map(({ stream, gen, step, firstCtr, hashes }) =>
    [stream, gen, step, firstCtr, hashes.length / 8].join(' '),
  )
const count = ({ entries }: Vouch): number =>
  entries.reduce((sum, { hashes }) => sum + hashes.length / 8, 0)

function noted(...ctrs: readonly number[]): SealedLog {
  const log = new SealedLog()
  for (const ctr of ctrs) log.note(kid(1), ctr, frameOf(ctr))
  return log
}

describe('the log of sealed frames', () => {
  it('gives the hash of every frame in the order of counters, once', () => {
    const log = noted(7, 9, 8)
    const [statement, ...more] = log.take()
    expect(more).toEqual([])
    expect(runs(statement!)).toEqual(['1 3 0 7 3'])
    const hashes = [7, 8, 9].map((ctr) => hashOf(frameOf(ctr))).join('')
    expect(Buffer.from(statement!.entries[0]!.hashes).toString('hex')).toBe(hashes)
    expect(log.take()).toEqual([])
  })

  it('splits runs at a gap, at another stream and at another step', () => {
    const log = noted(1, 2, 4, 5)
    log.note(kid(0), 3, frameOf(3))
    log.note(kid(1, 1), 0, frameOf(0))
    log.note(kid(1, 0, 4), 0, frameOf(0))
    expect(log.take().flatMap(runs)).toEqual([
      ...['0 3 0 3 1', '1 3 0 1 2', '1 3 0 4 2'],
      ...['1 3 1 0 1', '1 4 0 0 1'],
    ])
  })

  it('never makes one run of two keys, though their counters follow each other', () => {
    const log = new SealedLog()
    const kids = [kid(1, 0, 3), kid(1, 1, 3), kid(1, 1, 4), kid(2, 1, 4)]
    kids.forEach((named, ctr) => log.note(named, ctr, frameOf(ctr)))
    const said = ['1 3 0 0 1', '1 3 1 1 1', '1 4 1 2 1', '2 4 1 3 1']
    expect(log.take().flatMap(runs)).toEqual(said)
  })

  it('a frame that is still being hashed waits for the next statement, and so do those after it', async () => {
    const log = noted(0)
    log.note(kid(1), 1, frameOf(1, 50_000))
    log.note(kid(1), 2, frameOf(2))
    expect(log.take().flatMap(runs)).toEqual(['1 3 0 0 1'])
    await vi.waitFor(() => expect(log.take().flatMap(runs)).toEqual(['1 3 0 1 2']), {
      timeout: 20_000,
    })
  })

  it('never puts more than 400 hashes or 16 runs into a statement, and all of them decode', () => {
    const many = noted(...Array.from({ length: 900 }, (_, i) => i)).take()
    expect(many.map(count)).toEqual([400, 400, 100])
    const gaps = noted(...Array.from({ length: 40 }, (_, i) => 2 * i)).take()
    expect(gaps.map(({ entries }) => entries.length)).toEqual([10, 10, 10, 10])
    for (const statement of [...many, ...gaps]) {
      const { type, body } = encodeStatement(statement)
      expect(decodeStatement(type, body)).toEqual(statement)
    }
  })

  it('V7 says nothing before what was sealed earlier, in whatever stream', () => {
    const log = new SealedLog()
    for (let ctr = 0; ctr < 500; ctr++) {
      log.note(kid(1), ctr, frameOf(ctr))
      log.note(kid(0), ctr, frameOf(ctr))
    }
    const said = ['0 3 0 0 200', '1 3 0 0 200', '0 3 0 200 200', '1 3 0 200 200']
    expect(log.take().flatMap(runs)).toEqual([...said, '0 3 0 400 100', '1 3 0 400 100'])
  })

  it('keeps the newest 3600 when nothing can be said for long', () => {
    const log = noted(...Array.from({ length: 5000 }, (_, i) => i))
    const statements = log.take()
    expect(statements.map(count)).toEqual(Array(9).fill(400))
    expect(statements[0]?.entries[0]?.firstCtr).toBe(1400)
  })
})
