import { expect, test } from 'vitest'
import { rowsInSight } from './rows-in-sight.ts'

const window = { rowHeight: 50, windowHeight: 1000 }

test('of 50,000 rows those in sight are rendered, and some around them', () => {
  expect(rowsInSight(50_000, { ...window, top: 300 })).toEqual({ from: 0, to: 32 })
  expect(rowsInSight(50_000, { ...window, top: -100_000 })).toEqual({ from: 1988, to: 2032 })
})

test('nothing beyond the ends, and something before a height is known', () => {
  expect(rowsInSight(5, { ...window, top: -100_000 })).toEqual({ from: 0, to: 5 })
  expect(rowsInSight(50_000, { ...window, rowHeight: 0, top: 0 })).toEqual({ from: 0, to: 24 })
})
