/** Who floods waits; everybody else has a turn. Counted, never timed: the clock stands still unless a test moves it. */
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Budget } from './budget.ts'
import { defaultLimits } from './limits.ts'
import { Turnstile, type Guest, type TurnstileLimits } from './turnstile.ts'

const LIMITS: TurnstileLimits = {
  pieces: 8,
  turnMs: 4,
  network: { perSecond: 10, burst: 1_000 },
  restMs: 1,
}

let nowMs: number
let faults: unknown[]
beforeEach(() => {
  nowMs = 0
  faults = []
})
/** Floods would go on while the next test runs. */
const floods = new Set<Counter>()
afterEach(() => {
  for (const one of floods) one.next = () => 'done'
  floods.clear()
})
const open = (limits: Partial<TurnstileLimits> = {}): Turnstile =>
  new Turnstile(
    { ...LIMITS, ...limits },
    () => nowMs,
    (error) => faults.push(error),
  )

class Counter implements Guest {
  readonly cost = 1
  served = 0
  readonly network: string
  next: () => 'more' | 'rest' | 'done'

  constructor(network: string, next: () => 'more' | 'rest' | 'done' = () => 'more') {
    this.network = network
    this.next = next
    floods.add(this)
  }

  advance(): 'more' | 'rest' | 'done' {
    this.served += 1
    return this.next()
  }

  rested(): boolean {
    return true
  }
}

test('Q1 a turn of the event loop does a few pieces of work, however many wait', async () => {
  const turnstile = open()
  const flood = new Counter('one')
  turnstile.enter(flood)
  await turn()
  expect(flood.served).toBe(8)
  await turn()
  expect(flood.served).toBe(16)
})

test('Q1 a turn ends early when its pieces take long', async () => {
  const turnstile = open()
  const slow = new Counter('one', () => {
    nowMs += 3
    return 'more'
  })
  turnstile.enter(slow)
  await turn()
  expect(slow.served).toBe(2)
})

test('Q7 two thousand connections of one network have one turn, and each other network its own', async () => {
  const turnstile = open()
  const flood = Array.from({ length: 2_000 }, () => new Counter('flood'))
  for (const one of flood) turnstile.enter(one)
  const other = new Counter('other', () => 'done')
  turnstile.enter(other)
  await turn()
  expect(other.served).toBe(1)
  expect(flood.reduce((sum, { served }) => sum + served, 0)).toBe(7)
})

test('Q7 connections of one network take turns, too', async () => {
  const turnstile = open()
  const guests = Array.from({ length: 4 }, () => new Counter('one'))
  for (const one of guests) turnstile.enter(one)
  await turn()
  expect(guests.map(({ served }) => served)).toEqual([2, 2, 2, 2])
})

test('a network that has used up its budget waits until it has refilled, and others do not', async () => {
  const turnstile = open({ network: { perSecond: 10, burst: 4 } })
  const flood = new Counter('flood')
  turnstile.enter(flood)
  await turn()
  await turn()
  expect(flood.served).toBe(4)
  const other = new Counter('other', () => 'done')
  turnstile.enter(other)
  await turn()
  expect(other.served).toBe(1)
  nowMs += 300
  await expect.poll(() => flood.served).toBe(7)
})

test('Q3 a network whose connections were closed for flooding waits longer, others do not', async () => {
  const turnstile = open({ network: { perSecond: 10, burst: 10 } })
  turnstile.charge('flood', 20)
  const [flood, other] = [new Counter('flood', () => 'done'), new Counter('other', () => 'done')]
  turnstile.enter(flood)
  turnstile.enter(other)
  await turn()
  expect([flood.served, other.served]).toEqual([0, 1])
  nowMs += 1_100
  await expect.poll(() => flood.served).toBe(1)
})

test('an office of 300 people who load the page and join in the same second waits for nobody', () => {
  const { handshakeCost, turnstile } = defaultLimits
  const office = new Budget(turnstile.network, 0)
  // Each: six connections for 60 files, one WebSocket, seven TURN connections.
  office.spend(300 * (60 + 14 * handshakeCost), 0)
  expect(office.covered(0)).toBe(true)
})

test('who rests is called again, who has left is not, and a fault in one stops nobody else', async () => {
  const turnstile = open()
  const tired: Counter = new Counter('one', () => (tired.served < 2 ? 'rest' : 'done'))
  const gone = new Counter('two')
  const broken = new Counter('three', () => {
    throw new Error('broken')
  })
  const last = new Counter('four', () => 'done')
  for (const guest of [tired, gone, broken, last]) turnstile.enter(guest)
  turnstile.leave(gone)
  await expect.poll(() => tired.served).toBe(2)
  await expect.poll(() => last.served).toBe(1)
  expect(gone.served).toBe(0)
  expect(broken.served).toBe(1)
  expect(faults).toEqual([new Error('broken')])
})
