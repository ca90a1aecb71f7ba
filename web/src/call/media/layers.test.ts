import { expect, it } from 'vitest'
import { layersFor } from './layers.ts'

it.each([
  [100, { spatial: 0, temporal: 1 }],
  [180, { spatial: 0, temporal: 2 }],
  [240, { spatial: 0, temporal: 2 }],
  [360, { spatial: 1, temporal: 2 }],
  [481, { spatial: 2, temporal: 2 }],
  [1440, { spatial: 2, temporal: 2 }],
])('a tile of %i device pixels in height receives %o', (lines, layers) => {
  expect(layersFor(lines, 2)).toEqual(layers)
})

it('a machine that cannot keep up receives no more than its cap', () => {
  expect(layersFor(1080, 1).spatial).toBe(1)
  expect(layersFor(1080, 0).spatial).toBe(0)
  expect(layersFor(100, 1).spatial).toBe(0)
})
