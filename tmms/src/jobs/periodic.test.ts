import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Periodic } from './periodic.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('the work is done once a period, also after it failed, and the failure is told', async () => {
  const failures: unknown[] = []
  const work = vi.fn(() => Promise.reject(new Error('no')))
  const periodic = new Periodic(60_000, work, (error) => void failures.push(error))
  await vi.advanceTimersByTimeAsync(180_000)
  expect(work).toHaveBeenCalledTimes(3)
  expect(failures).toHaveLength(3)
  await periodic.close()
  await vi.advanceTimersByTimeAsync(180_000)
  expect(work).toHaveBeenCalledTimes(3)
})

test('work that takes longer than a period is never done twice at once, and closing waits for it', async () => {
  const gate = Promise.withResolvers<undefined>()
  const work = vi.fn(() => gate.promise)
  const periodic = new Periodic(60_000, work, () => undefined)
  await vi.advanceTimersByTimeAsync(180_000)
  expect(work).toHaveBeenCalledTimes(1)
  let closed = false
  const closing = periodic.close().then(() => (closed = true))
  await vi.advanceTimersByTimeAsync(1000)
  expect(closed).toBe(false)
  gate.resolve(undefined)
  await closing
})

test('the first time may come sooner than a period, and closing before it calls it off', async () => {
  const work = vi.fn(() => Promise.resolve())
  const often = { firstMs: 1_000, eachMs: 60_000 }
  const periodic = new Periodic(often, work, () => undefined)
  expect(work).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(work).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(119_000)
  expect(work).toHaveBeenCalledTimes(3)
  await periodic.close()
  const closed = new Periodic(often, work, () => undefined)
  await closed.close()
  await vi.advanceTimersByTimeAsync(180_000)
  expect(work).toHaveBeenCalledTimes(3)
})
