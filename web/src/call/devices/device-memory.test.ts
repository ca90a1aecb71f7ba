import { expect, it } from 'vitest'
import { recallDevices, rememberDevices, type DeviceMemory } from './device-memory.ts'

function storage(): Storage {
  const values = new Map<string, string>()
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  } as unknown as Storage
}

const chosen: DeviceMemory = {
  cameraId: 'c',
  microphoneId: null,
  speakerId: 's',
  cameraOn: false,
  microphoneOn: true,
}

it('what was chosen is there the next time', () => {
  const own = storage()
  rememberDevices(own, chosen)
  expect(recallDevices(own)).toEqual(chosen)
})

it('both are on the first time, and whatever strange thing is stored', () => {
  const fresh = {
    cameraId: null,
    microphoneId: null,
    speakerId: null,
    cameraOn: true,
    microphoneOn: true,
  }
  expect(recallDevices(storage())).toEqual(fresh)
  expect(recallDevices(null)).toEqual(fresh)
  for (const strange of ['{', '7', '{"cameraId":7,"cameraOn":"no"}']) {
    expect(recallDevices({ getItem: () => strange })).toEqual(fresh)
  }
})

it('storage that throws is no reason to fail', () => {
  const forbidden = (): never => {
    throw new DOMException('denied', 'SecurityError')
  }
  expect(() => rememberDevices({ setItem: forbidden }, chosen)).not.toThrow()
  expect(recallDevices({ getItem: forbidden }).cameraOn).toBe(true)
})
