import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Context } from '../domain/context.ts'
import { RetentionJob } from './retention.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

test('M7 looks a minute after the start, which does not wait for it, and then every hour', async () => {
  const atomically = vi.fn(() => Promise.resolve(false))
  const context = { store: { atomically }, now: () => 0 } as unknown as Context
  const job = new RetentionJob(context, () => undefined)
  expect(atomically).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(atomically).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(3_540_000)
  expect(atomically).toHaveBeenCalledTimes(2)
  await job.close()
})
