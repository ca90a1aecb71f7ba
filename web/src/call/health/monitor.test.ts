import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Diagnostics, SendingStats } from './diagnostics.ts'
import { Monitor } from './monitor.ts'

const sending = (over: Partial<SendingStats> = {}): SendingStats => ({
  source: 'video',
  bytesSent: 1,
  packetsSent: 4000,
  framesSent: 1000,
  height: 720,
  limitedBy: null,
  ...over,
})

const numbers = (sealed: number, over: Partial<SendingStats> = {}): Diagnostics => ({
  life: 'joined',
  generation: 0,
  step: 0,
  keyAgeMs: 0,
  transforms: [{ dir: 'encrypt', id: '1', passed: sealed, ignored: 0, refused: {} }],
  sending: [sending(over)],
  receiving: [],
  paths: [],
})

function monitor(read: () => Promise<Diagnostics> = () => Promise.reject(new Error('not read'))) {
  const onLeak = vi.fn()
  const onCap = vi.fn()
  return { monitor: new Monitor({ read, onLeak, onCap }), onLeak, onCap }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('pictures that were all sealed are no reason to stop, although each is many packets', () => {
  const { monitor: own, onLeak } = monitor()
  expect(own.examine(numbers(1000))).toBe(true)
  expect(onLeak).not.toHaveBeenCalled()
})

it('pictures sent without having been sealed stop the sending', () => {
  const { monitor: own, onLeak } = monitor()
  expect(own.examine(numbers(0))).toBe(false)
  expect(onLeak).toHaveBeenCalledTimes(1)
})

it('voice is counted in packets, and a transform of another stream does not count for it', () => {
  const { monitor: own, onLeak } = monitor()
  own.examine(numbers(9000, { source: 'audio', packetsSent: 500, framesSent: 0 }))
  expect(onLeak).toHaveBeenCalledTimes(1)
})

it('a worker that cannot tell its numbers now is asked again, and no alarm is raised', async () => {
  const read = vi.fn().mockRejectedValueOnce(new Error('E_STATE')).mockResolvedValue(numbers(1000))
  const { monitor: own, onLeak } = monitor(read)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(read).toHaveBeenCalledTimes(2)
  expect(onLeak).not.toHaveBeenCalled()
  own.close()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(read).toHaveBeenCalledTimes(2)
})

it('an encoder limited by the processor twice in a row takes a layer away', () => {
  const { monitor: own, onCap } = monitor()
  own.examine(numbers(1000, { limitedBy: 'cpu' }))
  own.examine(numbers(1030, { limitedBy: 'cpu', framesSent: 1030 }))
  expect(onCap).toHaveBeenCalledExactlyOnceWith(1)
})
