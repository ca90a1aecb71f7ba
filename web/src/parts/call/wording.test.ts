import { expect, it } from 'vitest'
import { wordDeviceProblem, wordPlannedEnd, wordsAppeared } from './wording.ts'

const MINUTE_MS = 60_000

it('I10 the planned end is told from five minutes before it, and once it has passed', () => {
  expect(wordPlannedEnd(null)).toBeNull()
  expect(wordPlannedEnd(6 * MINUTE_MS)).toBeNull()
  expect(wordPlannedEnd(5 * MINUTE_MS)).toMatch(/in 5 min/)
  expect(wordPlannedEnd(1)).toMatch(/in 1 min/)
  expect(wordPlannedEnd(0)).toMatch(/has passed/)
  expect(wordPlannedEnd(-3 * MINUTE_MS)).toMatch(/may go on/)
})

it('D2 a device that is there now is said, and a device in trouble by its trouble', () => {
  const microphone = { kind: 'audio', problem: null, appeared: true } as const
  const camera = { kind: 'video', problem: 'missing', appeared: false } as const
  expect(wordsAppeared([microphone, camera])).toEqual([
    'A microphone is plugged in now: you can turn it on.',
  ])
  expect(wordDeviceProblem(microphone)).toMatch(/plugged in now/)
  expect(wordDeviceProblem(camera)).toMatch(/No camera was found/)
  expect(wordDeviceProblem({ ...microphone, appeared: false })).toBeUndefined()
})
