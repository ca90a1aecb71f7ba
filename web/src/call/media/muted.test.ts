import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DeviceKind } from '../devices/device-state.ts'
import { FakeRoom } from '../../../test/fake-room.ts'

type Step = (room: FakeRoom) => void

/** Everything that happens to a device, to a connection and to a person, in any order. */
const steps: Readonly<Record<string, Step>> = {
  'turns it on': ({ device }) => device.want(true),
  'turns it off': ({ device }) => device.want(false),
  'chooses a': ({ device }) => device.choose('a'),
  'chooses b': ({ device }) => device.choose('b'),
  unplugs: (room) => room.unplug(),
  'plugs in': (room) => room.plug(),
  'browser opens': (room) => room.answerOpen(),
  'browser refuses': (room) => room.failOpen('NotAllowedError'),
  'browser is busy': (room) => room.failOpen('NotReadableError'),
  'browser finds nothing': (room) => room.failOpen('NotFoundError'),
  'TCS answers': (room) => room.answerAsk(),
  'joins or comes back': (room) => room.connect(),
  'media worker dies': (room) => room.reset(),
}
const raises = new Set(['turns it on'])

/** Lets what was begun go on: a few turns only, so that the next step falls into the middle of it. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve()
}

async function settled(room: FakeRoom): Promise<void> {
  do {
    while (room.pending > 0) {
      room.answerOpen()
      room.answerAsk()
      await turns(30)
    }
    await turns(30)
  } while (room.pending > 0)
}

async function beHeard(room: FakeRoom): Promise<void> {
  room.connect()
  room.device.want(true)
  await settled(room)
}

function silentWhenOff(room: FakeRoom): void {
  if (room.device.wanted) return
  expect(room.sending).toEqual([])
  expect(room.device.track).toBeNull()
  // Until the TCS has answered, a producer is only half made and has no state of its own.
  expect(room.producers.filter(({ id, paused }) => id !== '' && !paused)).toEqual([])
}

const schedule = fc.array(
  fc.record({ step: fc.constantFrom(...Object.keys(steps)), turns: fc.nat({ max: 12 }) }),
  { maxLength: 40 },
)

beforeEach(() => {
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('removeEventListener', () => undefined)
})
afterEach(() => vi.unstubAllGlobals())

describe.each<DeviceKind>(['audio', 'video'])('whoever has turned off the %s', (kind) => {
  it('D1 D2 D4 D5 sends nothing, in every order of events, and the wish is raised by a click only', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), schedule, async (heard, events) => {
        const room = new FakeRoom(kind)
        // From here on it has been heard once: the most that can go wrong.
        if (heard) await beHeard(room)
        for (const { step, turns: count } of events) {
          const before = room.device.wanted
          steps[step]?.(room)
          silentWhenOff(room)
          await turns(count)
          silentWhenOff(room)
          if (!before) expect(room.device.wanted).toBe(raises.has(step))
        }
        if (!room.joined) room.connect()
        await settled(room)
        silentWhenOff(room)
        expect(room.open).toEqual(room.device.track === null ? [] : [room.device.track])
        const carried = [...room.carried.values()]
        expect(carried.length).toBeLessThanOrEqual(1)
        // What is wanted and there is heard; everything else is paused at the TCS, too.
        const flowing = carried.some(({ paused }) => !paused)
        expect(flowing).toBe(room.device.track !== null)
        expect(room.sending).toEqual(room.open)
        expect(room.problems).toEqual([])
        room.leave()
        expect(room.open).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })
})
