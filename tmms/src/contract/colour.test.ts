import { describe, expect, it } from 'vitest'
import { contrast, inkOn } from './colour.ts'

describe('what is written on a colour', () => {
  it('can be read whatever the colour is', () => {
    const steps = Array.from({ length: 18 }, (_, n) => (n * 15).toString(16).padStart(2, '0'))
    for (const red of steps)
      for (const green of steps)
        for (const blue of steps) {
          const colour = `#${red}${green}${blue}`
          expect(contrast(colour, inkOn(colour))).toBeGreaterThanOrEqual(4.5)
        }
  })

  it('is told by the contrast that WCAG defines', () => {
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
    expect(contrast('#123456', '#123456')).toBe(1)
  })
})
