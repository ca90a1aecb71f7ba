import { expect, it } from 'vitest'
import type { CodeRun } from '@huisclos/e2ee-worker/events'
import type { MemberId } from '@huisclos/e2ee-worker/protocol'
import { answerOf, codeOutcome } from './code-outcome.ts'

const people = [
  { memberId: 'a', name: 'Ada', own: true },
  { memberId: 'b', name: 'Grace', own: false },
]

const run = (
  judgements: Readonly<Record<string, boolean>>,
  over: Partial<CodeRun> = {},
): CodeRun => ({
  state: 'shown',
  by: 'a' as MemberId,
  members: ['a', 'b'] as MemberId[],
  code: '123 456 789 012',
  reason: null,
  judgements: Object.entries(judgements).map(([memberId, equal]) => ({
    memberId: memberId as MemberId,
    equal,
  })),
  blocked: false,
  ...over,
})

it('is open until everybody has answered', () => {
  expect(codeOutcome(run({}), people).state).toBe('open')
  expect(codeOutcome(run({ a: true }), people).state).toBe('open')
  expect(codeOutcome(run({ a: true, b: true }), people).state).toBe('equal')
})

it('one who sees another code is named at once', () => {
  expect(codeOutcome(run({ b: false }), people)).toEqual({ state: 'differs', names: ['Grace'] })
  expect(codeOutcome(run({ a: true, b: false }), people).state).toBe('differs')
})

it('somebody who came later and was not asked does not make it equal', () => {
  const more = [...people, { memberId: 'c', name: 'Hedy', own: false }]
  expect(codeOutcome(run({ a: true, b: true }), more).state).toBe('open')
})

it('answers of an aborted run prove nothing', () => {
  expect(codeOutcome(run({ a: true, b: true }, { state: 'aborted' }), people).state).toBe('open')
})

it('alone, nothing is ever equal', () => {
  expect(codeOutcome(run({ a: true }), people.slice(0, 1)).state).toBe('open')
})

it('tells who has answered what', () => {
  const answers = people.map(({ memberId }) => answerOf(run({ b: false }), memberId))
  expect(answers).toEqual(['none', 'different'])
})
