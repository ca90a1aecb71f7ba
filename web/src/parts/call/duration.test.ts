import { expect, it } from 'vitest'
import { wordDuration } from './duration.ts'

it.each([
  [0, '0:00'],
  [247, '4:07'],
  [3600, '1:00:00'],
  [3847, '1:04:07'],
])('%i seconds are %s', (seconds, worded) => {
  expect(wordDuration(seconds)).toBe(worded)
})
