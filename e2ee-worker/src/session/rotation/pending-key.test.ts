/** Who has a key that is on its way, who is waited for, and which streams and steps are the same. */
import { describe, expect, it } from 'vitest'
import type { MemberId, StreamDescriptor } from '../../protocol.ts'
import type { Member } from '../members/member.ts'
import { PendingKey, noteGiven, sameStream } from './pending-key.ts'

const [ada, bob, eve] = ['ada', 'bob', 'eve'] as MemberId[] as [MemberId, MemberId, MemberId]
const keyOf = (gen: number, step = 0) => ({ gen, step, baseKey: new Uint8Array(64), hard: true })

function pendingFor(...receivers: readonly MemberId[]): PendingKey {
  const pending = new PendingKey(keyOf(1), null)
  for (const memberId of receivers) pending.expect(memberId)
  return pending
}

describe('a key on its way', () => {
  it('K4 is complete when everybody who is still here has acknowledged it', () => {
    const pending = pendingFor(ada, bob, eve)
    pending.acknowledge(ada)
    pending.acknowledge(bob)
    expect([pending.complete, pending.waitsFor(eve)]).toEqual([false, true])
    expect(pending.leave(eve)).toBe(true)
    expect([pending.complete, pending.waitsFor(eve)]).toEqual([true, false])
  })

  it('K4 is not had by those who went after they acknowledged it', () => {
    const pending = pendingFor(ada, bob, eve)
    pending.acknowledge(ada)
    pending.acknowledge(bob)
    expect([pending.holders, pending.mostHaveIt]).toEqual([2, true])
    expect(pending.leave(ada)).toBe(true)
    expect([pending.holders, pending.mostHaveIt]).toEqual([1, true])
    expect(pending.leave(bob)).toBe(true)
    expect([pending.holders, pending.mostHaveIt]).toEqual([0, false])
    expect(pending.leave(ada)).toBe(false)
  })

  it('K5 is not had by those it was never given to, and waits for nobody twice', () => {
    const pending = pendingFor(ada)
    pending.acknowledge(eve)
    expect(pending.holders).toBe(0)
    pending.acknowledge(ada)
    pending.expect(ada)
    expect(pending.complete).toBe(true)
  })
})

it('a stream is the same by index, kind and codec', () => {
  const camera: StreamDescriptor = { idx: 1, kind: 'video', codec: 'vp8' }
  expect(sameStream(camera, { ...camera })).toBe(true)
  expect(sameStream(camera, { ...camera, idx: 2 })).toBe(false)
  expect(sameStream(camera, { ...camera, kind: 'screen' })).toBe(false)
  expect(sameStream(camera, { ...camera, codec: 'vp9' })).toBe(false)
})

it('of what a member was given and acknowledged, the newest generation and the one before count', () => {
  const member = { given: new Map(), acked: new Map() } as unknown as Member
  for (const gen of [3, 4, 5]) {
    noteGiven(member, keyOf(gen, gen))
    member.acked.set(gen, gen)
  }
  noteGiven(member, keyOf(5, 9))
  expect(Object.fromEntries(member.given)).toEqual({ 4: 4, 5: 9 })
  expect([...member.acked.keys()]).toEqual([4, 5])
})
