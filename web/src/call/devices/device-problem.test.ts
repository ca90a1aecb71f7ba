import { expect, it } from 'vitest'
import { problemOf } from './device-problem.ts'

it.each([
  ['NotAllowedError', 'refused'],
  ['NotFoundError', 'missing'],
  ['OverconstrainedError', 'missing'],
  ['NotReadableError', 'busy'],
  ['TypeError', 'failed'],
] as const)('%s means %s', (name, problem) => {
  expect(problemOf(new DOMException('', name))).toBe(problem)
})

it('whatever else is thrown is a failure', () => {
  expect(problemOf('strange')).toBe('failed')
})
