/** What happens to a key on its way when something else comes in between: nobody reads more than is meant for them. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeClock } from '../../../test/clock.ts'
import { codeOf } from '../../errors.ts'
import { SendChain } from '../../keys/send-chain.ts'
import { Sender } from '../../keys/sender.ts'
import type { MemberId, StreamDescriptor } from '../../protocol.ts'
import type { Member } from '../members/member.ts'
import { SerialQueue } from '../../queue.ts'
import { Rotation } from './rotation.ts'

const ME = 'f'.repeat(32) as MemberId
const VIDEO = { idx: 1, kind: 'video', codec: 'vp8' } as const
const SCREEN = { idx: 2, kind: 'screen', codec: 'vp8' } as const

let clock: FakeClock
let queue: SerialQueue
let sender: Sender
let rotation: Rotation
let ada: Member
let bob: Member
let eve: Member
let recipients: Member[]
/** What was sent, as `member key`. */
let given: string[]
/** Every generation made since the first one. */
let chains: SendChain[]

const person = (name: string): Member =>
  ({ memberId: name, given: new Map(), acked: new Map() }) as unknown as Member

function open(): void {
  rotation = new Rotation({
    ...{ clock, sender, memberId: ME },
    recipients: () => recipients,
    sendKey: (to, { gen, step }) => {
      given.push(...to.map(({ memberId }) => `${memberId} ${gen}.${step}`))
      return Promise.resolve()
    },
    run: (task) => void queue.run(task),
    switched: () => undefined,
  })
}

async function settle(): Promise<void> {
  while (queue.size > 0) await new Promise((resolve) => setImmediate(resolve))
}

const advance = (ms: number): Promise<void> => clock.advance(ms, settle)
const current = (): string => `${sender.current?.gen ?? 'none'}.${sender.current?.step ?? ''}`
const isErased = (chain: SendChain): boolean => {
  try {
    return chain.baseKey().length === 0
  } catch (error) {
    return codeOf(error) === 'E_STATE'
  }
}

/** One after the other, as a session does; what `publish` waits for is not waited for here. */
async function now(...tasks: (() => Promise<void>)[]): Promise<void> {
  for (const task of tasks) void queue.run(task)
  await settle()
}

const publish = (...streams: StreamDescriptor[]) =>
  now(() => rotation.publish(streams, () => undefined))
const join = (member: Member) => now(() => rotation.join(member))
const asks = (member: Member) => now(() => rotation.resend(member))
const acknowledges = (member: Member, gen: number, step: number) =>
  now(() => rotation.acknowledged(member, gen, step))

function leaves(member: Member, hard: boolean): Promise<void> {
  recipients = recipients.filter((other) => other !== member)
  return now(() => rotation.left([member], hard))
}

beforeEach(async () => {
  clock = new FakeClock()
  queue = new SerialQueue()
  sender = new Sender()
  ;[ada, bob, eve] = ['ada', 'bob', 'eve'].map(person) as [Member, Member, Member]
  recipients = [ada, bob, eve]
  given = []
  open()
  await publish(VIDEO)
  for (const member of recipients) await acknowledges(member, 0, 0)
  given = []
  chains = []
  const create = SendChain.create.bind(SendChain)
  vi.spyOn(SendChain, 'create').mockImplementation(async (...args) => {
    const chain = await create(...args)
    chains.push(chain)
    return chain
  })
})

afterEach(() => {
  rotation.close()
  vi.restoreAllMocks()
})

describe('a key that excludes somebody', () => {
  it('K2 is not put off by a stream that is added meanwhile', async () => {
    await leaves(eve, true)
    await publish(VIDEO, SCREEN)
    expect(given).toEqual(['ada 1.0', 'bob 1.0'])
    for (const member of [ada, bob]) await acknowledges(member, 1, 0)
    expect(current()).toBe('1.0')
    expect(given.slice(2)).toEqual(['ada 1.1', 'bob 1.1'])
    expect(sender.current).toBe(chains[0])
  })

  it('K2 is not put off by a newcomer who was waiting for the next step', async () => {
    const newcomer = person('new')
    recipients.push(newcomer)
    await join(newcomer)
    await leaves(eve, true)
    await acknowledges(ada, 1, 0)
    await acknowledges(bob, 1, 0)
    given = []
    await advance(250)
    expect(given).toEqual([])
    await advance(50)
    expect(current()).toBe('1.0')
  })

  it('K2 goes into use before the one that excludes the next', async () => {
    await leaves(eve, true)
    expect(current()).toBe('0.0')
    await leaves(bob, true)
    expect(current()).toBe('1.0')
    expect(given.at(-1)).toBe('ada 2.0')
    await acknowledges(ada, 2, 0)
    expect(current()).toBe('2.0')
    expect(isErased(chains[0]!)).toBe(true)
  })

  it('K2 is never used, and erased, when sending stopped and one who was given it goes as well', async () => {
    const before = sender.current!
    await leaves(eve, true)
    await advance(300)
    expect(current()).toBe('none.')
    expect(isErased(before)).toBe(true)
    await leaves(bob, true)
    expect(current()).toBe('none.')
    expect(isErased(chains[0]!)).toBe(true)
    await acknowledges(ada, 1, 0)
    expect(current()).toBe('none.')
    await acknowledges(ada, 2, 0)
    expect(current()).toBe('2.0')
    await advance(10_000)
    expect(given).toEqual(['ada 1.0', 'bob 1.0', 'ada 2.0'])
  })

  it('is used as soon as the last one goes who had not acknowledged it', async () => {
    await leaves(eve, true)
    await acknowledges(ada, 1, 0)
    expect(current()).toBe('0.0')
    recipients = [ada]
    void queue.run(() => rotation.left([bob], false))
    await settle()
    expect(current()).toBe('1.0')
  })

  it('K2 comes for one who went while the very first key was on its way', async () => {
    rotation.close()
    sender = new Sender()
    open()
    await publish(VIDEO)
    await leaves(eve, false)
    await advance(500)
    for (const member of [ada, bob]) await acknowledges(member, 1, 0)
    expect(current()).toBe('1.0')
  })
})

describe('a limit of time that comes due while an acknowledgement waits to be read', () => {
  /** Holds the queue, so that both wait for it in this order. */
  async function dueBehind(task: () => Promise<void>, ms: number): Promise<void> {
    const gate = Promise.withResolvers<undefined>()
    void queue.run(() => gate.promise)
    void queue.run(task)
    await clock.advance(ms, () => Promise.resolve())
    gate.resolve(undefined)
    await settle()
  }

  it('K4 does not switch a second time', async () => {
    await leaves(eve, true)
    await acknowledges(ada, 1, 0)
    await dueBehind(() => rotation.acknowledged(bob, 1, 0), 300)
    expect(current()).toBe('1.0')
    expect(isErased(chains[0]!)).toBe(false)
  })

  it('K4 sends no key again that is in use', async () => {
    await leaves(eve, true)
    await advance(300)
    given = []
    await dueBehind(() => rotation.acknowledged(bob, 1, 0), 2000)
    expect(current()).toBe('1.0')
    await advance(5000)
    expect(given).toEqual([])
  })
})

describe('who asks for a key', () => {
  it('K1 gets no earlier step than the one it was let in with', async () => {
    const newcomer = person('new')
    recipients.push(newcomer)
    await join(newcomer)
    const other = person('other')
    recipients.push(other)
    await join(other)
    await advance(250)
    expect(given).toEqual(['new 0.1', 'other 0.1'])
    await acknowledges(newcomer, 0, 1)
    expect(current()).toBe('0.0')
    await asks(newcomer)
    await asks(other)
    expect(given.slice(2)).toEqual(['new 0.1', 'other 0.1'])
    await advance(300)
    expect(current()).toBe('0.1')
    await asks(newcomer)
    expect(given.at(-1)).toBe('new 0.1')
  })

  it('K1 and was never given one is let in by the next step', async () => {
    const newcomer = person('new')
    recipients.push(newcomer)
    await asks(newcomer)
    expect(given).toEqual([])
    await advance(250)
    expect(given).toEqual(['new 0.1'])
  })

  it('K2 gets none any longer when its token has expired, though it was given this one', async () => {
    recipients = [ada, bob]
    await asks(eve)
    await join(eve)
    await advance(1000)
    expect(given).toEqual([])
  })

  it('K6 says nothing by acknowledging what it was not given', async () => {
    await acknowledges(ada, 0, 7)
    await acknowledges(ada, 3, 0)
    expect([...ada.acked]).toEqual([[0, 0]])
  })
})

describe('streams', () => {
  it('that are known, or none, take no key', async () => {
    await publish(VIDEO)
    await publish()
    expect(given).toEqual([])
    sender = new Sender()
    open()
    await publish()
    expect(given).toEqual([])
    expect(current()).toBe('none.')
  })

  it('of another codec are new, and take a step; after the last step a generation', async () => {
    await publish({ ...VIDEO, codec: 'vp9' })
    expect(given).toEqual(['ada 0.1', 'bob 0.1', 'eve 0.1'])
    await advance(1000)
    given = []
    Object.defineProperty(sender.current, 'step', { value: 200 })
    await publish(SCREEN)
    expect(given).toEqual(['ada 1.0', 'bob 1.0', 'eve 1.0'])
  })
})

describe('time', () => {
  it('K8 takes no step while another is on its way, and makes up for it', async () => {
    await advance(59_700)
    await join(ada)
    await advance(250)
    expect(given).toEqual(['ada 0.1'])
    await advance(100)
    expect(current()).toBe('0.0')
    await advance(200)
    expect(current()).toBe('0.1')
    await advance(1000)
    expect(current()).toBe('0.2')
  })
})

it('K2 closing erases the key in use and the one on its way', async () => {
  const before = sender.current!
  await leaves(eve, true)
  rotation.close()
  expect([before, chains[0]!].map(isErased)).toEqual([true, true])
  expect(current()).toBe('none.')
  await advance(120_000)
  expect(given).toEqual(['ada 1.0', 'bob 1.0'])
})
