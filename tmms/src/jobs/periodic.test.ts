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
