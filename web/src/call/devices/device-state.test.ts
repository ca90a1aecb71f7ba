import { describe, expect, it } from 'vitest'
import {
  closedDevice,
  mustAsk,
  nextDeviceState,
  type DeviceEvent,
  type DeviceKind,
  type DeviceState,
} from './device-state.ts'

type State = DeviceState<string>
type Event = DeviceEvent<string>

const on: Event = { type: 'want', on: true }
const off: Event = { type: 'want', on: false }
const ask: Event = { type: 'ask' }
const opened = (track: string, askedId: string | null = null): Event => ({
  type: 'opened',
  track,
  id: track,
  askedId,
})
const failed = (problem: 'refused' | 'missing' | 'busy' | 'failed' | 'unplugged'): Event => ({
  type: 'failed',
  problem,
  askedId: null,
})
const ended = (track: string): Event => ({ type: 'ended', track })
const silenced = (track: string, silent: boolean): Event => ({ type: 'silenced', track, silent })
const plugged = (...ids: string[]): Event => ({ type: 'plugged', ids })
const choose = (id: string): Event => ({ type: 'choose', id })

function after(kind: DeviceKind, ...events: readonly Event[]): State {
  return events.reduce(nextDeviceState<string>, closedDevice<string>(kind, null))
}

const everything: readonly Event[] = [
  on,
  off,
  choose('a'),
  choose('b'),
  ask,
  opened('a'),
  opened('b', 'b'),
  failed('refused'),
  failed('missing'),
  ended('a'),
  silenced('a', true),
  silenced('a', false),
  plugged(),
  plugged('a', 'b'),
  { type: 'close' },
]

describe.each<DeviceKind>(['audio', 'video'])('the %s', (kind) => {
  it('D1 D2 D3 D4 D5 is never open unless it is wanted, and only a click raises the wish, after every five events', () => {
    const visit = (state: State, left: number): void => {
      for (const event of everything) {
        const next = nextDeviceState(state, event)
        const raised = next.wanted && !state.wanted && event !== on
        const open = (next.track !== null || mustAsk(next)) && (!next.wanted || next.closed)
        if (raised || open) expect.fail(`${JSON.stringify(state)} and ${event.type}`)
        if (left > 1) visit(next, left - 1)
      }
    }
    visit(closedDevice(kind, null), 5)
  })

  it('D1 is not asked for when another one is there and the muted one is pulled out', () => {
    const muted = [on, ask, opened('a'), off, ended('a'), plugged('b')]
    expect(after(kind, ...muted)).toMatchObject({ wanted: false, track: null, due: false })
  })

  it('D2 stays off when the only one goes and comes back', () => {
    const muted = [on, ask, opened('a'), ended('a'), off, plugged(), plugged('a')]
    expect(after(kind, ...muted)).toMatchObject({ wanted: false, track: null, problem: null })
  })

  it('D3 stays off when another one is chosen', () => {
    expect(mustAsk(after(kind, choose('b')))).toBe(false)
    expect(mustAsk(after(kind, on, ask, failed('busy'), choose('b')))).toBe(false)
  })

  it('D5 is not used when it opens after it was turned off', () => {
    expect(after(kind, on, ask, off, opened('a'))).toMatchObject({ track: null, opening: false })
  })

  it('is asked for anew when another one was chosen while it opened', () => {
    const state = after(kind, on, ask, choose('b'), opened('a'))
    expect(state).toMatchObject({ track: null, wanted: true })
    expect(mustAsk(state)).toBe(true)
  })

  it.each(['refused', 'busy', 'failed', 'missing', 'unplugged'] as const)(
    'waits for a click after "%s"',
    (problem) => {
      const state = after(kind, on, ask, failed(problem))
      expect(state).toMatchObject({ wanted: false, problem })
      expect(nextDeviceState(state, plugged('a'))).toMatchObject({ wanted: false, due: false })
      expect(nextDeviceState(state, on)).toMatchObject({ problem: null, due: true })
    },
  )

  it('D2 that was not found is offered once it is plugged in, no longer when it goes again, and opens with a click', () => {
    const missing = after(kind, on, ask, failed('missing'))
    const there = nextDeviceState(missing, plugged('a'))
    expect(there).toMatchObject({ wanted: false, due: false, problem: null, appeared: true })
    expect(nextDeviceState(there, plugged('a', 'b'))).toEqual(there)
    expect(nextDeviceState(there, plugged())).toEqual(missing)
    const clicked = nextDeviceState(there, on)
    expect(clicked).toMatchObject({ wanted: true, appeared: false })
    expect(mustAsk(clicked)).toBe(true)
  })

  it('is not offered to who turned it off, and does not open with another choice after it was not found', () => {
    expect(after(kind, on, ask, failed('missing'), off, plugged('a')).appeared).toBe(false)
    const chosen = after(kind, on, ask, failed('missing'), plugged('a'), choose('a'))
    expect(chosen).toMatchObject({ wanted: false, due: false, appeared: false })
  })

  it('D2 that was never open is opened by no device event, after every five events', () => {
    const visit = (state: State, left: number): void => {
      for (const event of everything) {
        const next = nextDeviceState(state, event)
        // Until it was open once, only the click, the choice and an answer that came too late lead to a question.
        const asks = mustAsk(next) && !mustAsk(state)
        if (asks && (event.type === 'plugged' || event.type === 'ended'))
          expect.fail(JSON.stringify(state))
        const wasOpen = next.track !== null
        if (left > 1 && !wasOpen) visit(next, left - 1)
      }
    }
    visit(closedDevice(kind, null), 5)
  })

  it('says nothing of a failure that nobody waits for any more', () => {
    expect(after(kind, on, ask, off, failed('busy')).problem).toBeNull()
  })

  it('comes back by itself when it is wanted and is plugged in again', () => {
    const state = after(kind, on, ask, opened('a'), ended('a'), ask, failed('missing'))
    expect(state).toMatchObject({ wanted: true, problem: 'unplugged' })
    expect(mustAsk(nextDeviceState(state, plugged('a')))).toBe(true)
  })

  it('is asked for once more when it was plugged in while the browser was still looking', () => {
    const state = after(
      kind,
      on,
      ask,
      opened('a'),
      ended('a'),
      ask,
      plugged('a'),
      failed('missing'),
    )
    expect(mustAsk(state)).toBe(true)
  })
})

it('another microphone carries the voice on, another camera shows nothing', () => {
  const events = [on, ask, opened('a'), ended('a')]
  expect(mustAsk(after('audio', ...events))).toBe(true)
  expect(mustAsk(after('video', ...events, plugged('b')))).toBe(false)
})

describe('a device that the system mutes', () => {
  it('D7 stays open and says so until it is unmuted', () => {
    const muted = after('audio', on, ask, opened('a'), silenced('a', true))
    expect(muted).toMatchObject({ wanted: true, track: 'a', problem: 'silenced' })
    expect(nextDeviceState(muted, on).problem).toBe('silenced')
    expect(nextDeviceState(muted, silenced('a', false)).problem).toBeNull()
    expect(nextDeviceState(muted, off).problem).toBeNull()
  })

  it('says nothing of one that is no longer used', () => {
    expect(after('audio', on, ask, opened('b'), silenced('a', true)).problem).toBeNull()
  })
})
