import { expect, it } from 'vitest'
import type { MemberId } from '../../protocol.ts'
import { WaitingDecisions } from './waiting-decisions.ts'

const [CHAIR, OTHER] = ['chair', 'other'] as MemberId[] as [MemberId, MemberId]

function decision(n: number, from = CHAIR, by = 'device') {
  return { from, by, signed: Uint8Array.of(n >> 8, n) }
}

it('decisions wait for their own moderator, and are taken once', () => {
  const waiting = new WaitingDecisions()
  for (const one of [decision(1), decision(2, OTHER), decision(3)]) waiting.keep(one)
  const taken = (from: MemberId) => waiting.take(from).map(({ signed }) => signed[1])
  expect(taken(CHAIR)).toEqual([1, 3])
  expect(taken(CHAIR)).toEqual([])
  expect(taken(OTHER)).toEqual([2])
})

it('R2 however many devices hand decisions on, no more than 2112 wait', () => {
  const waiting = new WaitingDecisions()
  for (let n = 0; n < 2200; n++) waiting.keep(decision(n, CHAIR, `device ${n}`))
  expect(waiting.take(CHAIR)).toHaveLength(2112)
})

it('R2 of one device 33 wait, the newest', () => {
  const waiting = new WaitingDecisions()
  for (let n = 0; n < 100; n++) waiting.keep(decision(n))
  // One that is known already is no newer one.
  waiting.keep(decision(80, CHAIR, 'elsewhere'))
  waiting.keep(decision(99))
  const numbers = waiting.take(CHAIR).map(({ signed }) => signed[1])
  expect(numbers).toEqual(Array.from({ length: 33 }, (_, n) => 67 + n))
})
