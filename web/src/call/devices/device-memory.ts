/** Remembers which devices were chosen, and whether they were on, from one meeting to the next. */

export interface DeviceMemory {
  readonly cameraId: string | null
  readonly microphoneId: string | null
  readonly speakerId: string | null
  readonly cameraOn: boolean
  readonly microphoneOn: boolean
}

const KEY = 'huisclos.devices'
const NOTHING: DeviceMemory = {
  cameraId: null,
  microphoneId: null,
  speakerId: null,
  cameraOn: true,
  microphoneOn: true,
}

export function recallDevices(storage: Pick<Storage, 'getItem'> | null): DeviceMemory {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(KEY) ?? 'null')
    return typeof stored === 'object' && stored !== null ? sanitise(stored) : NOTHING
  } catch {
    return NOTHING
  }
}

export function rememberDevices(
  storage: Pick<Storage, 'setItem'> | null,
  memory: DeviceMemory,
): void {
  try {
    storage?.setItem(KEY, JSON.stringify(memory))
  } catch {
    // Storage that is full or forbidden costs a click next time, nothing more.
  }
}

/** The page's storage, or null where the person has forbidden it. */
export function deviceStorage(): Storage | null {
  try {
    return globalThis.localStorage
  } catch {
    return null
  }
}

function sanitise(stored: Partial<Record<keyof DeviceMemory, unknown>>): DeviceMemory {
  const id = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return {
    cameraId: id(stored.cameraId),
    microphoneId: id(stored.microphoneId),
    speakerId: id(stored.speakerId),
    cameraOn: stored.cameraOn !== false,
    microphoneOn: stored.microphoneOn !== false,
  }
}
