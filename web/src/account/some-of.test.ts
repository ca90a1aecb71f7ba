import { expect, test } from 'vitest'
import { wordSome } from './some-of.ts'

test('U4 of a long list eight are named and the others counted', () => {
  const names = Array.from({ length: 122 }, (_, n) => `p${n}`)
  expect(wordSome(names)).toBe('p0, p1, p2, p3, p4, p5, p6, p7 and 114 others')
  expect(wordSome(names.slice(0, 9))).toBe('p0, p1, p2, p3, p4, p5, p6, p7, p8')
  expect(wordSome([])).toBe('')
})
