import { describe, expect, it } from 'vitest'
import { Ceilings } from './ceilings.ts'

const tooMany = (retryAfterS: number): unknown =>
  expect.objectContaining({ code: 'too-many-tries', retryAfterS })

describe('ceilings', () => {
  it('give what they hold and refill with time', () => {
    let nowMs = 0
    const ceilings = new Ceilings({ capacity: 2, perSecond: 0.5 }, () => nowMs)
    expect([ceilings.take('a'), ceilings.take('a'), ceilings.take('a')]).toEqual([
      true,
      true,
      false,
    ])
    expect(ceilings.take('b')).toBe(true)
    expect(() => ceilings.charge('a')).toThrow(tooMany(2))
    nowMs += 2_000
    expect(() => ceilings.charge('a')).not.toThrow()
    expect(ceilings.take('a')).toBe(false)
    nowMs += 3_600_000
    expect([ceilings.take('a'), ceilings.take('a'), ceilings.take('a')]).toEqual([
      true,
      true,
      false,
    ])
  })

  it('a clock that goes back gives nothing', () => {
    let nowMs = 10_000
    const ceilings = new Ceilings({ capacity: 1, perSecond: 1 }, () => nowMs)
    ceilings.take('a')
    nowMs = 0
    expect(ceilings.take('a')).toBe(false)
  })

  it('O7 a clock that was set back locks nobody out either', () => {
    let nowMs = 3_600_000
    const ceilings = new Ceilings({ capacity: 1, perSecond: 1 }, () => nowMs)
    ceilings.charge('a')
    nowMs = 0
    expect(() => ceilings.charge('a')).toThrow(tooMany(1))
    nowMs += 1_000
    expect(() => ceilings.charge('a')).not.toThrow()
  })
})
