import { expect, it } from 'vitest'
import { countRefusal, type Refusal } from './refusals.ts'

const many = (count: number): readonly Refusal[] =>
  Array.from({ length: count }).reduce<readonly Refusal[]>(
    (list, _, index) => countRefusal(list, { code: 'E_LEN', memberId: String(index) }),
    [],
  )

it('the same refusal is counted, and comes first again', () => {
  const once = countRefusal([], { code: 'E_SHORT', memberId: 'a' })
  const other = countRefusal(once, { code: 'E_SHORT', memberId: 'b' })
  expect(countRefusal(other, { code: 'E_SHORT', memberId: 'a' })).toEqual([
    { code: 'E_SHORT', memberId: 'a', count: 2 },
    { code: 'E_SHORT', memberId: 'b', count: 1 },
  ])
})

it('a flood of refusals stays a short list', () => {
  expect(many(500)).toHaveLength(50)
  expect(many(500)[0]?.memberId).toBe('499')
})
