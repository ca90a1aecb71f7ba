/** O4: when a worker counts as hung. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Heartbeat } from './heartbeat.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

let lateMs = 0

function watch(ask: () => Promise<unknown>) {
  const onHung = vi.fn()
  return {
    heartbeat: new Heartbeat({
      ask,
      rounds: 4,
      everyMs: 1000,
      now: () => Date.now() + lateMs,
      onHung,
      onFault: vi.fn(),
    }),
    onHung,
  }
}

test('O4 who answers, however late within the rounds, is left alone', async () => {
  const { heartbeat, onHung } = watch(() => new Promise((resolve) => setTimeout(resolve, 3500)))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(onHung).not.toHaveBeenCalled()
  heartbeat.stop()
})

test('O4 who answers nothing is hung within five seconds, once', async () => {
  const { onHung } = watch(() => new Promise(() => undefined))
  await vi.advanceTimersByTimeAsync(4999)
  expect(onHung).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(onHung).toHaveBeenCalledOnce()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(onHung).toHaveBeenCalledOnce()
})

test('O4 nobody is judged by rounds that came late: the machine is busy', async () => {
  const { heartbeat, onHung } = watch(() => new Promise(() => undefined))
  await vi.advanceTimersByTimeAsync(1000)
  for (let round = 0; round < 20; round += 1) {
    lateMs += 1000
    await vi.advanceTimersByTimeAsync(1000)
  }
  expect(onHung).not.toHaveBeenCalled()
  heartbeat.stop()
})

test('a worker that died, or is done with, is asked no more', async () => {
  const ask = vi.fn(() => Promise.reject(new Error('closed')))
  const { onHung } = watch(ask)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(ask).toHaveBeenCalledOnce()
  expect(onHung).not.toHaveBeenCalled()
})
