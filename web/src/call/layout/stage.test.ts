import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gridLayout } from './grid.ts'
import { stageLayout } from './stage.ts'

const space = fc.record({
  others: fc.integer({ min: 1, max: 48 }),
  width: fc.integer({ min: 320, max: 2560 }),
  height: fc.integer({ min: 240, max: 1440 }),
  gap: fc.constant(8),
})

describe('the own picture', () => {
  it('is never larger than that of somebody else', () => {
    fc.assert(
      fc.property(space, (all) => {
        const { own, others } = stageLayout(all)
        expect(own.width).toBeLessThanOrEqual(others.tileWidth)
        expect(own.height).toBeLessThanOrEqual(others.tileHeight)
      }),
    )
  })

  it('stands beside the others in a wide window and below them on a phone', () => {
    expect(stageLayout({ others: 1, width: 1264, height: 600, gap: 8 }).side).toBe('beside')
    expect(stageLayout({ others: 1, width: 360, height: 640, gap: 8 }).side).toBe('below')
  })

  it('costs one other person nearly nothing', () => {
    const all = { width: 1264, height: 560, gap: 8 }
    const { tileWidth } = gridLayout({ count: 1, ...all })
    expect(stageLayout({ others: 1, ...all }).others.tileWidth).toBeGreaterThan(tileWidth * 0.95)
  })

  it('is all there is while nobody else is there, and yet no wall', () => {
    const { own } = stageLayout({ others: 0, width: 1264, height: 600, gap: 8 })
    expect(own).toEqual({ width: 640, height: 480 })
  })
})
