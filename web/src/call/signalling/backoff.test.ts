import { expect, it, vi } from 'vitest'
import { backoffMs, pause } from './backoff.ts'

it('waits longer each time, spread over half of the time, and never more than eight seconds', () => {
  expect(backoffMs(0, 0)).toBe(150)
  expect(backoffMs(0, 0.999)).toBe(300)
  expect(backoffMs(3, 0)).toBe(1200)
  expect(backoffMs(50, 0.999)).toBeLessThanOrEqual(8000)
})

it('a pause ends when it is called off or the network comes back', async () => {
  vi.stubGlobal('addEventListener', (_: string, listener: () => void) => online.add(listener))
  vi.stubGlobal('removeEventListener', (_: string, listener: () => void) => online.delete(listener))
  const online = new Set<() => void>()
  const end = new AbortController()
  const calledOff = pause(60_000, end.signal)
  end.abort()
  await calledOff
  const back = pause(60_000, new AbortController().signal)
  for (const listener of [...online]) listener()
  await back
  expect(online.size).toBe(0)
  vi.unstubAllGlobals()
})
