import { expect, it } from 'vitest'
import { scalesFor } from './camera-layers.ts'

it.each([
  [320, 180, [180]],
  [320, 240, [240]],
  [480, 270, [135, 270]],
  [640, 360, [180, 360]],
  [640, 480, [240, 480]],
  [360, 640, [320, 640]],
  [960, 540, [135, 270, 540]],
  [1280, 720, [180, 360, 720]],
  [720, 1280, [320, 640, 1280]],
  [1920, 1080, [270, 540, 1080]],
] as const)('P1 a camera of %i × %i sends layers of %j lines', (width, height, lines) => {
  expect(scalesFor({ width, height }).map((scale) => height / scale)).toEqual(lines)
})

it('a camera that does not tell its size is taken for a large one', () => {
  expect(scalesFor({})).toEqual([4, 2, 1])
})
