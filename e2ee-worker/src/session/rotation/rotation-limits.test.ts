/** The figures of the rotation table that depend on how many there are, how old a key is, and how much it sealed. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeClock } from '../../../test/clock.ts'
import { SendChain } from '../../keys/send-chain.ts'
import { Sender } from '../../keys/sender.ts'
import type { MemberId } from '../../protocol.ts'
import type { Member } from '../members/member.ts'
import type { KeyToSend } from './pending-key.ts'
import { SerialQueue } from '../../queue.ts'
import { Rotation } from './rotation.ts'

const ME = 'f'.repeat(32) as MemberId
const VIDEO = { idx: 1, kind: 'video', codec: 'vp8' } as const

interface Spread {
  readonly at: number
  readonly key: string
  readonly to: number
  readonly hard: boolean
}

let clock: FakeClock
let queue: SerialQueue
let sender: Sender
let members: Member[]
let spreads: Spread[]
let rotation: Rotation
/** Whether members acknowledge what they are given, at once. */
let acks: (member: Member) => boolean

function host(): Rotation {
  return new Rotation({
    ...{ clock, sender, memberId: ME },
    recipients: () => members,
    sendKey: (to, { gen, step, hard }: KeyToSend) => {
      spreads.push({ at: clock.now(), key: `${gen}.${step}`, to: to.length, hard })
      for (const member of to) {
        if (acks(member)) void queue.run(() => rotation.acknowledged(member, gen, step))
      }
      return Promise.resolve()
    },
    run: (task) => void queue.run(task),
    switched: () => undefined,
  })
}

function people(count: number): void {
  members = Array.from({ length: count }, (_, n) => {
    const memberId = n.toString(16).padStart(32, '0')
    return { memberId, given: new Map(), acked: new Map() } as unknown as Member
  })
}

async function settle(): Promise<void> {
  while (queue.size > 0) await new Promise((resolve) => setImmediate(resolve))
}

const advance = (ms: number): Promise<void> => clock.advance(ms, settle)
const current = (): string => `${sender.current?.gen ?? 'none'}.${sender.current?.step ?? ''}`

beforeEach(async () => {
  clock = new FakeClock()
  queue = new SerialQueue()
  sender = new Sender()
  spreads = []
  acks = () => true
  people(1)
  rotation = host()
  await queue.run(() => rotation.publish([VIDEO], () => undefined))
  await settle()
  spreads.length = 0
})

afterEach(() => rotation.close())

describe('how long a rotation waits for more of the same', () => {
  it.each([
    [2, 250],
    [50, 250],
    [51, 1000],
  ])('K3 with %i members a newcomer waits %i ms', async (count, ms) => {
    people(count)
    await queue.run(() => rotation.join(members[0]!))
    await advance(ms - 1)
    expect(spreads).toEqual([])
    await advance(1)
    expect(spreads).toEqual([{ at: ms, key: '0.1', to: 1, hard: false }])
    expect(current()).toBe('0.1')
  })

  it.each([
    [50, 500],
    [51, 1000],
    [300, 1000],
    [301, 5000],
  ])('K3 with %i members left, a leave waits %i ms', async (count, ms) => {
    people(count + 1)
    const [gone] = members.splice(0, 1)
    await queue.run(() => rotation.left([gone!], false))
    await advance(ms - 1)
    expect(spreads).toEqual([])
    await advance(1)
    expect(spreads).toEqual([{ at: ms, key: '1.0', to: count, hard: false }])
    expect(current()).toBe('1.0')
  })

  it('K2 an exclusion waits for nothing, and takes a leave that waited with it', async () => {
    people(400)
    const [left, excluded] = members.splice(0, 2)
    await queue.run(() => rotation.left([left!], false))
    await queue.run(() => rotation.left([excluded!], true))
    await settle()
    expect(spreads).toEqual([{ at: 0, key: '1.0', to: 398, hard: true }])
    await advance(10_000)
    expect(spreads).toHaveLength(1)
  })
})

describe('a hard switch', () => {
  it.each([
    [50, 'none.'],
    [51, '1.0'],
  ])('K4 with %i of 101 acknowledgements after 300 ms the key is %s', async (count, key) => {
    people(102)
    const [excluded] = members.splice(0, 1)
    const acking = new Set(members.slice(0, count))
    acks = (member) => acking.has(member)
    await queue.run(() => rotation.left([excluded!], true))
    await advance(299)
    expect(current()).toBe('0.0')
    await advance(1)
    expect(current()).toBe(key)
  })

  it('K4 K5 silence ends when half have acknowledged, asked again when nothing came for two seconds', async () => {
    people(5)
    const [excluded] = members.splice(0, 1)
    acks = () => false
    await queue.run(() => rotation.left([excluded!], true))
    await advance(4300)
    expect(spreads.map(({ at, to }) => [at, to])).toEqual([
      [0, 4],
      [2300, 4],
      [4300, 4],
    ])
    acks = (member) => members.indexOf(member) < 2
    await advance(2000)
    expect(current()).toBe('1.0')
  })

  it('K4 nobody is given the key twice while acknowledgements come', async () => {
    people(21)
    const [excluded] = members.splice(0, 1)
    acks = () => false
    await queue.run(() => rotation.left([excluded!], true))
    for (const member of members.slice(0, 3)) {
      await queue.run(() => rotation.acknowledged(member, 1, 0))
      await advance(2000)
    }
    expect(current()).toBe('none.')
    expect(spreads).toHaveLength(1)
    await advance(2000)
    expect(spreads.map(({ to }) => to)).toEqual([20, 17])
  })
})

describe('K8 the age and the work of a key', () => {
  it('no generation is used for longer than 15 minutes, whenever it began', async () => {
    people(3)
    await advance(30_000)
    const [gone] = members.splice(0, 1)
    await queue.run(() => rotation.left([gone!], false))
    await advance(2000)
    expect(current()).toBe('1.0')
    for (let minute = 0; minute < 60; minute++) {
      await advance(60_000)
      expect(sender.inUse(clock.now())?.keyAgeMs).toBeLessThanOrEqual(15 * 60_000)
    }
    expect(spreads.map(({ key }) => key)).toEqual(['1.0', '2.0', '3.0', '4.0', '5.0'])
  })

  it('F10 one that sealed too much is replaced within the minute', async () => {
    const worn = vi.spyOn(SendChain.prototype, 'exhausted', 'get').mockReturnValue(true)
    await advance(60_000)
    worn.mockRestore()
    expect(current()).toBe('1.0')
  })

  it('a minute that ends during a rotation is made up for right after it', async () => {
    people(2)
    acks = () => false
    await advance(59_000)
    await queue.run(() => rotation.join(members[0]!))
    await advance(600)
    expect(current()).toBe('0.1')
    await advance(150)
    await queue.run(() => rotation.join(members[1]!))
    await advance(1250)
    expect(current()).toBe('0.3')
    await advance(60_000)
    expect(current()).toBe('0.4')
  })

  it('a step is announced to nobody, and the last step makes room for a generation', async () => {
    for (let minute = 1; minute < 15; minute++) {
      await advance(60_000)
      expect(current()).toBe(`0.${minute}`)
    }
    expect(spreads).toEqual([])
    Object.defineProperty(sender.current, 'step', { value: 200 })
    await queue.run(() => rotation.join(members[0]!))
    await advance(300)
    expect(spreads.map(({ key }) => key)).toEqual(['1.0'])
  })
})
