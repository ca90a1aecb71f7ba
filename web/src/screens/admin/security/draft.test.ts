import { expect, test } from 'vitest'
import type { FormFailures } from '../../../account/form-failures.ts'
import { readLines, readNumbers } from './draft.ts'

function failures(work: () => unknown): readonly unknown[] {
  try {
    work()
  } catch (error) {
    return (error as FormFailures).failures.map(({ code, field }) => [code, field])
  }
  return []
}

test('U1 numbers are read, and each that is out of its range is named', () => {
  expect(readNumbers({ hours: ' 8', idleMinutes: '0' })).toEqual({ hours: 8, idleMinutes: 0 })
  const typed = { hours: '0', idleMinutes: '14', rememberedDays: '1.5', minCharacters: '' }
  expect(failures(() => readNumbers(typed))).toEqual(
    Object.keys(typed).map((field) => ['not-in-range', field]),
  )
})

test('U1 what may not be the shorter one is named', () => {
  const pairs = [['hours', 'rememberedDays', 24]] as const
  const read = (hours: string) => () => readNumbers({ hours, rememberedDays: '1' }, pairs)
  expect(failures(read('25'))).toEqual([['shorter', 'rememberedDays']])
  expect(failures(read('24'))).toEqual([])
})

test('U1 lines are read without empty ones, and too many are refused', () => {
  const rules = { field: 'words', max: 2 }
  expect(readLines('a b\n\n c ', /\n/, rules)).toEqual(['a b', 'c'])
  expect(failures(() => readLines('a,b,c', /,/, rules))).toEqual([['too-many-lines', 'words']])
})
