import { describe, expect, it } from 'vitest'
import { recallDevices } from './device-memory.ts'
import { LocalDevices, type Wish } from './local-devices.ts'
import type { DeviceKind } from './device-state.ts'

/** A browser whose devices a test pulls out and plugs in; the page is loaded anew over the same storage. */
class Machine {
  /** Name of the error that opening gives, null while there is a device. */
  readonly fails: Record<DeviceKind, string | null> = { audio: null, video: null }
  readonly #values = new Map<string, string>()
  readonly storage = {
    getItem: (key: string) => this.#values.get(key) ?? null,
    setItem: (key: string, value: string) => void this.#values.set(key, value),
  }
  #track: Partial<Record<DeviceKind, FakeTrack>> = {}

  load(wish: Wish | null = null): LocalDevices {
    const devices = new LocalDevices({
      storage: this.storage,
      wish,
      cell: (value) => ({ value }),
      open: (kind) => {
        const error = this.fails[kind]
        if (error !== null) return Promise.reject(new DOMException('', error))
        const track = new FakeTrack()
        this.#track[kind] = track
        return Promise.resolve(track as unknown as MediaStreamTrack)
      },
    })
    devices.start()
    return devices
  }

  get remembered(): Wish {
    const { cameraOn, microphoneOn } = recallDevices(this.storage)
    return { cameraOn, microphoneOn }
  }

  /** The switch on the device, or the system's. */
  mute(kind: DeviceKind, muted: boolean): void {
    const track = this.#track[kind]
    if (track === undefined) return
    track.muted = muted
    track.dispatchEvent(new Event(muted ? 'mute' : 'unmute'))
  }

  pullOut(kind: DeviceKind): void {
    this.fails[kind] = 'NotFoundError'
    this.#track[kind]?.end()
  }
}

class FakeTrack extends EventTarget {
  readyState = 'live'
  muted = false
  stop(): void {
    this.readyState = 'ended'
  }
  getSettings(): MediaTrackSettings {
    return {}
  }
  end(): void {
    if (this.readyState === 'ended') return
    this.readyState = 'ended'
    this.dispatchEvent(new Event('ended'))
  }
}

/** Every question of the browser that is on its way is answered. */
async function answered(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve()
}

const errors = ['NotFoundError', 'NotAllowedError', 'NotReadableError', 'AbortError']

describe.each<DeviceKind>(['audio', 'video'])('what is remembered of the %s device', (kind) => {
  const device = (devices: LocalDevices) => (kind === 'audio' ? devices.microphone : devices.camera)
  const on = (wish: Wish): boolean => (kind === 'audio' ? wish.microphoneOn : wish.cameraOn)

  it.each(errors)(
    'D2 D3 is off after a click that failed with %s, also once it would open',
    async (error) => {
      const machine = new Machine()
      const devices = machine.load()
      await answered()
      devices.toggle(kind)
      machine.fails[kind] = error
      devices.toggle(kind)
      await answered()
      expect(device(devices).wanted).toBe(false)
      expect(on(machine.remembered)).toBe(false)
      machine.fails[kind] = null
      device(devices).plugged(['a'])
      devices.close()
      const again = machine.load()
      await answered()
      expect(device(again)).toMatchObject({ wanted: false, track: null })
    },
  )

  it('D2 D3 is the wish as it stands after every five events, and a reload raises nothing', async () => {
    const events: readonly ((devices: LocalDevices, machine: Machine) => void)[] = [
      (devices) => devices.toggle(kind),
      (devices) => devices.choose(kind, 'a'),
      (devices) => devices.chooseSpeaker('s'),
      (_, machine) => machine.pullOut(kind),
      (devices, machine) => {
        machine.fails[kind] = null
        device(devices).plugged(['a'])
      },
      (_, machine) => void (machine.fails[kind] = 'NotReadableError'),
    ]
    for (let order = 0; order < events.length ** 5; order++) {
      const machine = new Machine()
      let devices = machine.load()
      for (let left = order, step = 0; step < 5; step++, left = Math.floor(left / events.length)) {
        events[left % events.length]?.(devices, machine)
        await answered()
        expect(on(machine.remembered)).toBe(device(devices).wanted)
      }
      const { wanted } = device(devices)
      devices.close()
      machine.fails[kind] = null
      devices = machine.load()
      await answered()
      expect(device(devices).wanted).toBe(wanted)
    }
  })

  it('stays on while it was pulled out unmuted, and does not touch the other one', async () => {
    const machine = new Machine()
    machine.load()
    await answered()
    machine.pullOut(kind)
    await answered()
    expect(machine.remembered).toEqual({ cameraOn: true, microphoneOn: true })
  })

  it('is what was wanted before coming back, not what was wanted the last time', async () => {
    const machine = new Machine()
    machine.load()
    await answered()
    machine.load({ cameraOn: false, microphoneOn: false }).chooseSpeaker('s')
    expect(machine.remembered).toEqual({ cameraOn: false, microphoneOn: false })
  })

  it('D3 is not raised again by another window that closes or fails', async () => {
    const machine = new Machine()
    const [first, second] = [machine.load(), machine.load()]
    await answered()
    first.toggle(kind)
    device(second).plugged(['a'])
    second.close()
    expect(on(machine.remembered)).toBe(false)
  })
})

it('D7 a switch on the device changes no wish, and is told while it mutes', async () => {
  const machine = new Machine()
  const devices = machine.load({ cameraOn: true, microphoneOn: true })
  await answered()
  machine.mute('audio', true)
  expect(devices.microphone).toMatchObject({ wanted: true, problem: 'silenced' })
  machine.mute('audio', false)
  expect(devices.microphone).toMatchObject({ wanted: true, problem: null })
  expect(machine.remembered.microphoneOn).toBe(true)
})
