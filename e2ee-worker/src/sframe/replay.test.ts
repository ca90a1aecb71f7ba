/** The replay window at its edges, and against a model that forgets nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REPLAY_WINDOW, ReplayWindow } from './replay.ts'

describe('replay window', () => {
  it('F3 accepts a counter once', () => {
    const window = new ReplayWindow()
    expect(window.accept(5)).toBe(true)
    expect(window.isFresh(5)).toBe(false)
    expect(window.accept(5)).toBe(false)
  })

  it.each([
    [1023, true],
    [1024, false],
    [1025, false],
  ])('F3 a counter %i below the highest is accepted: %s', (below, accepted) => {
    const window = new ReplayWindow()
    window.accept(5000)
    expect(window.isFresh(5000 - below)).toBe(accepted)
    expect(window.accept(5000 - below)).toBe(accepted)
  })

  it('F4 accepts every counter of the window in any order', () => {
    const window = new ReplayWindow()
    const ctrs = Array.from({ length: REPLAY_WINDOW }, (_, i) => (i * 613) % REPLAY_WINDOW)
    expect(ctrs.every((ctr) => window.accept(ctr))).toBe(true)
    expect(ctrs.some((ctr) => window.accept(ctr))).toBe(false)
  })

  it('a counter skipped by a jump is still fresh, whatever was seen a window earlier', () => {
    const window = new ReplayWindow()
    for (let ctr = 0; ctr < REPLAY_WINDOW; ctr++) window.accept(ctr)
    window.accept(REPLAY_WINDOW + 500)
    for (let ctr = REPLAY_WINDOW; ctr < REPLAY_WINDOW + 500; ctr++) {
      expect(window.accept(ctr)).toBe(true)
    }
  })

  it('F3 one that follows a window given up takes nothing that may have been seen in it', () => {
    const window = new ReplayWindow(2000)
    expect(window.highest).toBe(2000)
    const before = [2000, 1999, 1500, 977, 976, 0]
    expect(before.filter((ctr) => window.isFresh(ctr))).toEqual([])
    expect(window.accept(2010)).toBe(true)
    expect(before.filter((ctr) => window.accept(ctr))).toEqual([])
    for (let ctr = 2001; ctr < 2010; ctr++) expect(window.accept(ctr)).toBe(true)
    expect(window.accept(2010)).toBe(false)
  })

  it('asking changes nothing', () => {
    const window = new ReplayWindow()
    window.accept(10)
    window.isFresh(2 ** 40)
    expect(window.isFresh(11)).toBe(true)
    expect(window.isFresh(9)).toBe(true)
  })

  it('agrees with a model that remembers everything', () => {
    const jumps = fc.array(fc.integer({ min: -1100, max: 1100 }), { maxLength: 200 })
    const starts = fc.constantFrom(0, 2000, 2 ** 31 - 5, 2 ** 32 - 3000)
    fc.assert(
      fc.property(starts, jumps, (start, steps) => {
        const window = new ReplayWindow()
        const seen = new Set<number>()
        let at = start
        let highest = -1
        for (const step of steps) {
          at = Math.max(0, at + step)
          const expected = !seen.has(at) && at > highest - REPLAY_WINDOW
          expect(window.accept(at)).toBe(expected)
          if (expected) seen.add(at)
          highest = Math.max(highest, at)
        }
      }),
    )
  })
})
