import { expect, it } from 'vitest'
import { NO_LOAD, nextLoad, type Load, type LoadSample } from './cpu-load.ts'

const bad: LoadSample = { cpuLimited: true, dropped: 0 }
const choking: LoadSample = { cpuLimited: false, dropped: 0.4 }
const good: LoadSample = { cpuLimited: false, dropped: 0 }
const after = (samples: readonly LoadSample[], load: Load = NO_LOAD): Load =>
  samples.reduce(nextLoad, load)

it('one bad moment changes nothing, two in a row take a layer away', () => {
  expect(after([bad]).cap).toBe(2)
  expect(after([bad, good, bad]).cap).toBe(2)
  expect(after([bad, choking]).cap).toBe(1)
  expect(after([bad, bad, bad, bad, bad, bad]).cap).toBe(0)
})

it('a layer comes back only after a long good time, and never above what there is', () => {
  const low = after([bad, bad])
  expect(after(Array<LoadSample>(11).fill(good), low).cap).toBe(1)
  expect(after(Array<LoadSample>(12).fill(good), low).cap).toBe(2)
  expect(after(Array<LoadSample>(100).fill(good)).cap).toBe(2)
})
