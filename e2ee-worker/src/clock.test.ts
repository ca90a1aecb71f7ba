/** How often the same may happen again. */
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../test/clock.ts'
import { BackOff, TmmsTime, receivedAt } from './clock.ts'
import { codeOf } from './errors.ts'

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

describe('the time of the TMMS', () => {
  const pass = (clock: FakeClock, ms: number) => clock.advance(ms, () => Promise.resolve())

  it('I9 counts from when the token was received, not from when it is used', async () => {
    const clock = new FakeClock()
    await pass(clock, 300_000)
    const time = new TmmsTime(clock, { iatS: 1000, receivedAt: receivedAt(clock, 240_000) })
    expect(time.now()).toBe(1_240_000)
  })

  it('I9 never goes back with a token that was used late', async () => {
    const clock = new FakeClock()
    await pass(clock, 300_000)
    const time = new TmmsTime(clock, { iatS: 1000, receivedAt: receivedAt(clock, 0) })
    time.learn({ iatS: 1000, receivedAt: receivedAt(clock, 0) })
    time.learn({ iatS: 900, receivedAt: receivedAt(clock, 50_000) })
    expect(time.now()).toBe(1_000_000)
    time.learn({ iatS: 1100, receivedAt: receivedAt(clock, 60_000) })
    expect(time.now()).toBe(1_160_000)
  })

  it('refuses an age that no page can have measured', () => {
    const refusal = (ageMs: number): string => {
      try {
        return String(receivedAt(new FakeClock(), ageMs))
      } catch (error) {
        return codeOf(error)
      }
    }
    expect([-1, Number.NaN, Number.POSITIVE_INFINITY].map(refusal)).toEqual(
      Array(3).fill('E_STATE'),
    )
  })
})
