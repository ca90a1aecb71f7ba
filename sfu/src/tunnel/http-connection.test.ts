/** Slow lines and slow readers, told apart on a clock that the test moves. */
import { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { beforeEach, expect, test } from 'vitest'
import { HttpConnection } from './http-connection.ts'
import { defaultLimits } from './limits.ts'
import { Turnstile } from './turnstile.ts'

/** The socket below: it takes a write when the test says so. */
class Line extends Duplex {
  written = 0
  taken = 0
  readonly #done: (() => void)[] = []

  override _read(): void {
    // Bytes come from the test.
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.written += chunk.length
    this.#done.push(done)
  }

  /** The kernel takes what has been written. */
  async letThrough(): Promise<void> {
    this.taken = this.written
    for (const done of this.#done.splice(0)) done()
    await turn()
  }
}

let nowMs: number
let line: Line
let connection: HttpConnection
beforeEach(() => {
  nowMs = 0
  line = new Line()
  const clock = (): number => nowMs
  const turnstile = new Turnstile(defaultLimits.turnstile, clock, () => undefined)
  connection = new HttpConnection(line as unknown as TLSSocket, '192.0.2.7', {
    ...{ turnstile, clock, limits: defaultLimits.http },
  })
})

const PAGE = Buffer.alloc(600_000)

test('Q5 a page of 600 kB comes whole through a line of 64 kbit/s', async () => {
  connection.end(PAGE)
  await turn()
  while (line.taken < PAGE.length) {
    const before = line.written - line.taken
    // 8 kB a second.
    nowMs += before / 8
    expect(connection.expire(nowMs)).toBeNull()
    await line.letThrough()
  }
  expect(line.taken).toBe(PAGE.length)
})

test('Q5 a telephone that hears nothing for 50 s goes on where it was', async () => {
  connection.end(PAGE)
  await line.letThrough()
  nowMs += 50_000
  expect(connection.expire(nowMs)).toBeNull()
  await line.letThrough()
  expect(connection.expire(nowMs + 50_000)).toBeNull()
})

test('Q5 whoever takes nothing for a minute is let go, and whoever has nothing waiting is not', async () => {
  expect(connection.expire(600_000)).toBeNull()
  connection.write(PAGE)
  await turn()
  expect(connection.expire(nowMs + 59_000)).toBeNull()
  expect(connection.expire(nowMs + 61_000)).toBe('not-reading')
})

test('Q5 what a stranger may have waiting has a ceiling, and a member has a higher one', () => {
  connection.write(Buffer.alloc(5 * 1024 * 1024))
  expect(connection.expire(nowMs)).toBe('not-reading')
  connection.trust()
  expect(connection.expire(nowMs)).toBeNull()
})

test('Q1 bytes faster than the budget are left in the kernel', async () => {
  connection.resume()
  for (let i = 0; i < 100; i += 1) line.push(Buffer.alloc(16_384, 65))
  await turn()
  expect(line.isPaused()).toBe(true)
  expect(line.readableLength).toBeGreaterThan(0)
})
