/**
 * What the person wants of one local device, and what the device does: a state and its events, as pure functions.
 *
 * The wish (`wanted`) is raised by the event `want` alone, which only a click of the person may cause. A track is held
 * only while it is wanted, so a muted microphone is closed and the browser's recording mark is off.
 */
import type { DeviceProblem } from './device-problem.ts'

export type DeviceKind = 'audio' | 'video'

export interface DeviceState<Track> {
  readonly kind: DeviceKind
  /** The person's wish. */
  readonly wanted: boolean
  /** The device that the person chose; null leaves it to the browser. */
  readonly chosenId: string | null
  /** The device in use, else the one used or chosen last. */
  readonly lastId: string | null
  /** The open device; null whenever `wanted` is false. */
  readonly track: Track | null
  /** The browser has been asked for a device and has not answered yet. */
  readonly opening: boolean
  /** The browser has to be asked for a device as soon as it has answered the last question. */
  readonly due: boolean
  readonly problem: DeviceProblem | null
  /** One was plugged in where none was found: it is there, and waits for a click. */
  readonly appeared: boolean
  readonly closed: boolean
}

export type DeviceEvent<Track> =
  /** The person turned it on or off. */
  | { readonly type: 'want'; readonly on: boolean }
  /** The person chose another device. */
  | { readonly type: 'choose'; readonly id: string }
  | { readonly type: 'ask' }
  /** The browser answered. @param askedId - the choice at the time of the question */
  | {
      readonly type: 'opened'
      readonly track: Track
      readonly id: string | null
      readonly askedId: string | null
    }
  | { readonly type: 'failed'; readonly problem: DeviceProblem; readonly askedId: string | null }
  | { readonly type: 'ended'; readonly track: Track }
  /** The system keeps back what the device records, or no longer does. */
  | { readonly type: 'silenced'; readonly track: Track; readonly silent: boolean }
  /** Devices were plugged in or unplugged. @param ids - the devices of this kind there are now */
  | { readonly type: 'plugged'; readonly ids: readonly string[] }
  | { readonly type: 'close' }

export function closedDevice<Track>(kind: DeviceKind, chosenId: string | null): DeviceState<Track> {
  return {
    kind,
    wanted: false,
    chosenId,
    lastId: chosenId,
    track: null,
    opening: false,
    due: false,
    problem: null,
    appeared: false,
    closed: false,
  }
}

/** True when the browser has to be asked for a device now. */
export function mustAsk({ due, wanted, opening, closed }: DeviceState<unknown>): boolean {
  return due && wanted && !opening && !closed
}

export function nextDeviceState<Track>(
  state: DeviceState<Track>,
  event: DeviceEvent<Track>,
): DeviceState<Track> {
  switch (event.type) {
    case 'want':
      return event.on ? turnedOn(state) : { ...state, ...OFF, wanted: false }
    case 'choose':
      return { ...state, ...OFF, chosenId: event.id, lastId: event.id, due: state.wanted }
    case 'ask':
      return mustAsk(state) ? { ...state, opening: true, due: false } : state
    case 'opened':
      return state.opening ? opened({ ...state, opening: false }, event) : state
    case 'failed':
      return state.opening ? failed({ ...state, opening: false }, event) : state
    case 'ended':
      return event.track === state.track ? unplugged(state) : state
    case 'silenced':
      return event.track === state.track ? silenced(state, event.silent) : state
    case 'plugged':
      return plugged(state, event.ids)
    case 'close':
      return { ...state, ...OFF, closed: true }
  }
}

const OFF = { track: null, due: false, problem: null, appeared: false } as const

function turnedOn<Track>(state: DeviceState<Track>): DeviceState<Track> {
  const problem = state.track === null ? null : state.problem
  return { ...state, wanted: true, problem, appeared: false, due: state.track === null }
}

function opened<Track>(
  state: DeviceState<Track>,
  { track, id, askedId }: Extract<DeviceEvent<Track>, { type: 'opened' }>,
): DeviceState<Track> {
  if (!state.wanted || state.closed) return state
  // The person has chosen another one meanwhile, which is asked for next.
  if (askedId !== state.chosenId) return { ...state, due: true }
  return { ...state, track, lastId: id ?? state.lastId, due: false, problem: null }
}

function failed<Track>(
  state: DeviceState<Track>,
  { problem, askedId }: Extract<DeviceEvent<Track>, { type: 'failed' }>,
): DeviceState<Track> {
  if (!state.wanted || state.closed) return state
  if (askedId !== state.chosenId) return { ...state, due: true }
  // Only what was open and was pulled out may come back by itself: no device event opens what never was open.
  const returns = state.problem === 'unplugged' && isAbsent(problem)
  return {
    ...state,
    wanted: returns,
    due: state.due && returns,
    problem: returns ? 'unplugged' : problem,
  }
}

function unplugged<Track>(state: DeviceState<Track>): DeviceState<Track> {
  // Another microphone carries the voice on; another camera might show what nobody meant to show.
  return { ...state, track: null, problem: 'unplugged', due: state.kind === 'audio' }
}

function silenced<Track>(state: DeviceState<Track>, silent: boolean): DeviceState<Track> {
  return { ...state, problem: silent ? 'silenced' : null }
}

function plugged<Track>(state: DeviceState<Track>, ids: readonly string[]): DeviceState<Track> {
  if (!state.wanted) return offered(state, ids.length > 0)
  if (state.problem !== 'unplugged') return state
  const returned =
    state.kind === 'audio' ? ids.length > 0 : state.lastId !== null && ids.includes(state.lastId)
  return returned ? { ...state, due: true } : state
}

/** Says of what was not found that it is there now, and takes that back when it goes again. */
function offered<Track>(state: DeviceState<Track>, there: boolean): DeviceState<Track> {
  if (there) return isAbsent(state.problem) ? { ...state, problem: null, appeared: true } : state
  return state.appeared ? { ...state, problem: 'missing', appeared: false } : state
}

function isAbsent(problem: DeviceProblem | null): boolean {
  return problem === 'missing' || problem === 'unplugged'
}
