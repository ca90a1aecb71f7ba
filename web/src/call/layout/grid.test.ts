import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gridLayout } from './grid.ts'

const gap = 8
const desktop = { width: 1264, height: 600, gap }
const phone = { width: 374, height: 640, gap }

describe('the grid', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 2],
    [6, 3],
    [9, 3],
  ])('shows %i people in %i columns on a desktop', (count, columns) => {
    expect(gridLayout({ ...desktop, count }).columns).toBe(columns)
  })

  it.each([
    [1, 1],
    [2, 1],
    [4, 1],
    [6, 2],
  ])('shows %i people in %i columns on a phone', (count, columns) => {
    expect(gridLayout({ ...phone, count }).columns).toBe(columns)
  })

  it('never needs scrolling for up to nine people', () => {
    for (const space of [desktop, phone]) {
      for (let count = 1; count <= 9; count++) {
        const { columns, tileHeight } = gridLayout({ ...space, count })
        const rows = Math.ceil(count / columns)
        expect(rows * tileHeight + (rows - 1) * gap).toBeLessThanOrEqual(space.height)
      }
    }
  })

  it('keeps every row within the width, whatever the space', () => {
    const size = fc.integer({ min: 0, max: 4000 })
    const people = fc.integer({ min: 0, max: 60 })
    fc.assert(
      fc.property(people, size, size, (count, width, height) => {
        const { columns, tileWidth, tileHeight } = gridLayout({ count, width, height, gap })
        expect(tileWidth).toBeGreaterThanOrEqual(0)
        expect(tileHeight).toBeGreaterThanOrEqual(0)
        if (tileWidth > 0)
          expect(columns * tileWidth + (columns - 1) * gap).toBeLessThanOrEqual(width)
      }),
    )
  })
})
