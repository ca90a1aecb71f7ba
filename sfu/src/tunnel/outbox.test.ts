/** The drop rule: what a slow reader loses first, and what it never loses. */
import { Writable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, expect, test, vi } from 'vitest'
import { Route } from './route.ts'
import { defaultLimits } from './limits.ts'
import { FlushList, Outbox } from './outbox.ts'

/** A socket whose kernel takes nothing until told. */
class SlowSocket extends Writable {
  readonly writes: Buffer[] = []
  #done: (() => void) | undefined

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.writes.push(Buffer.from(chunk))
    this.#done = done
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk)))
    this.#done = done
  }

  take(): void {
    const done = this.#done
    this.#done = undefined
    done?.()
  }
}

const video = Buffer.alloc(1200, 0x80)
const audio = Buffer.alloc(120, 0x80)
const stun = Buffer.alloc(100, 0x00)
const dtls = Buffer.alloc(1000, 22)

let socket: SlowSocket
let outbox: Outbox
let route: Route

beforeEach(() => {
  socket = new SlowSocket()
  outbox = new Outbox(socket, new FlushList(() => undefined), defaultLimits.queue)
  route = new Route({ address: '198.51.100.1', port: 40_000 })
  route.channel = 0x4000
})

const accepted = (payload: Buffer, count: number): number =>
  Array.from({ length: count }, () => outbox.packet(route, payload)).filter(Boolean).length

test('all packets of a loop turn leave in one write, in order', async () => {
  for (let i = 0; i < 50; i += 1) outbox.packet(route, Buffer.alloc(1000, 128 + i))
  outbox.control(Buffer.from('last'))
  expect(socket.writes).toEqual([])
  await nextTurn()
  expect(socket.writes).toHaveLength(1)
  const [bytes] = socket.writes
  for (let i = 0; i < 50; i += 1) expect(bytes?.readUInt8(i * 1004 + 4)).toBe(128 + i)
  expect(bytes?.subarray(-4).toString()).toBe('last')
})

test('while a write is under way packets gather, and leave together when it is taken', async () => {
  accepted(audio, 1)
  await nextTurn()
  for (let turn = 0; turn < 20; turn += 1) {
    accepted(audio, 1)
    await nextTurn()
  }
  expect(socket.writes).toHaveLength(1)
  socket.take()
  expect(socket.writes.map((bytes) => bytes.length)).toEqual([124, 20 * 124])
})

test('under pressure video goes first, then audio, and never STUN or DTLS', async () => {
  accepted(audio, 1)
  await nextTurn()
  const queued = (packets: number, small = 0): number => 124 + packets * 1204 + small * 124
  const taken = accepted(video, 1000)
  expect(queued(taken)).toBeGreaterThan(128 * 1024)
  expect(queued(taken)).toBeLessThan(132 * 1024)
  const small = accepted(audio, 5000)
  expect(queued(taken, small)).toBeGreaterThan(256 * 1024)
  expect(queued(taken, small)).toBeLessThan(257 * 1024)
  expect(accepted(stun, 20)).toBe(20)
  expect(accepted(dtls, 20)).toBe(20)
  expect(accepted(audio, 1)).toBe(0)
  expect(outbox.overflows).toBe(false)
})

test('after the reader has caught up, video flows again', async () => {
  accepted(audio, 1)
  await nextTurn()
  accepted(video, 1000)
  expect(accepted(video, 1)).toBe(0)
  socket.take()
  socket.take()
  expect(accepted(video, 50)).toBe(50)
})

test('a write the kernel does not take for 200 ms drops video, not audio, well below the limit', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000)
  accepted(audio, 1)
  await nextTurn()
  accepted(video, 20)
  await nextTurn()
  clock.mockReturnValue(1_199)
  expect(accepted(video, 1)).toBe(1)
  clock.mockReturnValue(1_201)
  expect(accepted(video, 1)).toBe(0)
  expect(accepted(audio, 10)).toBe(10)
  clock.mockRestore()
})

test('padding is zero even where another packet was before', async () => {
  const list = new FlushList(() => undefined)
  const first = new Outbox(socket, list, defaultLimits.queue)
  first.packet(route, Buffer.alloc(1000, 0xff))
  await nextTurn()
  socket.take()
  const other = new SlowSocket()
  new Outbox(other, list, defaultLimits.queue).packet(route, Buffer.alloc(1, 0x80))
  await nextTurn()
  expect(other.writes[0]?.toString('hex')).toBe('4000000180000000')
})

test('a packet larger than a slab travels whole', async () => {
  expect(outbox.packet(route, Buffer.alloc(60_000, 22))).toBe(true)
  await nextTurn()
  expect(socket.writes[0]?.length).toBe(60_004)
  route.channel = 0
  expect(outbox.packet(route, Buffer.alloc(65_535, 22))).toBe(false)
})

test('after the end nothing is written', async () => {
  accepted(audio, 3)
  outbox.close()
  expect(accepted(audio, 3)).toBe(0)
  outbox.control(stun)
  await nextTurn()
  expect(socket.writes).toEqual([])
})
