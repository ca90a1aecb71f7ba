/** How often the same may happen again. */
import { describe, expect, it } from 'vitest'
import { BackOff } from './clock.ts'

/** The times, of every half second, at which it was let through. */
function passed(backOff: BackOff, fromMs: number, toMs: number): number[] {
  const times: number[] = []
  for (let now = fromMs; now <= toMs; now += 500) if (backOff.pass(now)) times.push(now)
  return times
}

describe('asking ever more rarely', () => {
  it('doubles the time between two, up to the longest', () => {
    const backOff = new BackOff(2000, 8000)
    expect(passed(backOff, 0, 31_000)).toEqual([0, 2000, 6000, 14_000, 22_000, 30_000])
  })

  it('begins anew after an answer, but never sooner than the shortest time', () => {
    const backOff = new BackOff(2000, 16_000)
    expect(passed(backOff, 0, 6000)).toEqual([0, 2000, 6000])
    backOff.reset()
    expect(passed(backOff, 6500, 12_500)).toEqual([8000, 12_000])
  })
})
