/** Many envelopes in few events, none of them larger than the TCS takes. */
import { describe, expect, it } from 'vitest'
import type { WorkerEvent } from '../../events.ts'
import type { MemberId } from '../../protocol.ts'
import { Batch } from './batch.ts'

const idOf = (n: number): MemberId => n.toString(16).padStart(32, '0') as MemberId

function sent(count: number, bytes: number): readonly WorkerEvent[] {
  const events: WorkerEvent[] = []
  const batch = new Batch((event) => events.push(event))
  for (let i = 0; i < count; i++) batch.add(idOf(i), new Uint8Array(bytes))
  batch.flush()
  batch.flush()
  return events
}

const sizes = (events: readonly WorkerEvent[]): readonly number[] =>
  events.map((event) => (event.type === 'send-many' ? event.messages.length : 0))

describe('a batch', () => {
  it('of nothing is no event, and of one message a plain one', () => {
    expect(sent(0, 200)).toEqual([])
    expect(sent(1, 200)).toMatchObject([{ type: 'send', to: idOf(0) }])
  })

  it('holds at most 500 messages', () => {
    expect(sizes(sent(500, 200))).toEqual([500])
    expect(sizes(sent(1001, 200))).toEqual([500, 500, 0])
  })

  it('holds at most 200 kB', () => {
    expect(sizes(sent(2, 100_000))).toEqual([2])
    expect(sizes(sent(3, 100_000))).toEqual([2, 0])
    expect(sizes(sent(400, 1300))).toEqual([153, 153, 94])
  })

  it('keeps everybody, in order', () => {
    const to = sent(1200, 300).flatMap((event) =>
      event.type === 'send-many' ? event.messages.map((message) => message.to) : [],
    )
    expect(to).toEqual(Array.from({ length: 1200 }, (_, n) => idOf(n)))
  })
})
