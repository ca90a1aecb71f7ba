/** The camera, the microphone and the loudspeaker of this machine: which there are, which are used, what fails. */
import { deviceStorage } from './device-memory.ts'
import { optionsOf, type DeviceOption } from './device-options.ts'
import type { DeviceKind } from './device-state.ts'
import type { Cell, LocalDevice } from './local-device.ts'
import { LocalDevices, type Wish } from './local-devices.ts'
import { openTogether } from './open-track.ts'

interface Options {
  readonly cameras: readonly DeviceOption[]
  readonly microphones: readonly DeviceOption[]
  readonly speakers: readonly DeviceOption[]
}

/** Firefox before 116 and all phones choose the output themselves. */
export const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype

export class Devices {
  readonly #local: LocalDevices
  #options = $state.raw<Options>({ cameras: [], microphones: [], speakers: [] })
  #speakerId = $state<string | null>(null)
  /** Called whenever the camera or the microphone was turned on, off or changed. */
  onUse: (kind: DeviceKind) => void = () => undefined
  #listening = false
  #questions = 0
  /** Something was plugged in or pulled out, and no list of devices has said what. */
  #plugged = false

  /** @param wish - what was wanted before coming back; without it, what was wanted in the last meeting */
  constructor(wish: Wish | null = null) {
    const open = openTogether({
      getUserMedia: (constraints) => navigator.mediaDevices.getUserMedia(constraints),
      permissionOf,
    })
    this.#local = new LocalDevices({ storage: deviceStorage(), open, cell: reactive, wish })
    this.#speakerId = this.#local.speakerId
    this.#local.onUse = (device) => this.#changed(device)
  }

  get camera(): LocalDevice {
    return this.#local.camera
  }

  get microphone(): LocalDevice {
    return this.#local.microphone
  }

  get cameras(): readonly DeviceOption[] {
    return this.#options.cameras
  }

  get microphones(): readonly DeviceOption[] {
    return this.#options.microphones
  }

  get speakers(): readonly DeviceOption[] {
    return this.#options.speakers
  }

  get speakerId(): string | null {
    return this.#speakerId
  }

  /** What is wanted now, for coming back into the same meeting. */
  get wish(): Wish {
    return this.#local.wish
  }

  /** The person's click on the switch of the camera or of the microphone. */
  toggle(kind: DeviceKind): void {
    this.#local.toggle(kind)
  }

  choose(kind: DeviceKind, deviceId: string): void {
    this.#local.choose(kind, deviceId)
  }

  chooseSpeaker(deviceId: string): void {
    this.#speakerId = deviceId
    this.#local.chooseSpeaker(deviceId)
  }

  /** Opens what is wanted, with one question of the browser when possible. */
  async start(): Promise<void> {
    if (!this.#listening) {
      navigator.mediaDevices.addEventListener('devicechange', this.#onDeviceChange)
      this.#listening = true
    }
    this.#local.start()
    await this.#list()
  }

  close(): void {
    navigator.mediaDevices.removeEventListener('devicechange', this.#onDeviceChange)
    this.#local.close()
  }

  readonly #onDeviceChange = (): void => {
    this.#plugged = true
    void this.#list()
  }

  async #list(): Promise<void> {
    const question = ++this.#questions
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => [])
    // A list asked for later may have come first.
    if (question !== this.#questions) return
    const of = (kind: MediaDeviceKind): readonly DeviceOption[] => optionsOf(all, kind)
    this.#options = {
      cameras: of('videoinput'),
      microphones: of('audioinput'),
      speakers: canChooseSpeaker ? of('audiooutput') : [],
    }
    if (this.#plugged) this.#tellPlugged(all)
  }

  /** Devices that no permission was given for have an empty id, and are there all the same. */
  #tellPlugged(all: readonly MediaDeviceInfo[]): void {
    this.#plugged = false
    const idsOf = (kind: MediaDeviceKind): string[] =>
      all.filter((device) => device.kind === kind).map(({ deviceId }) => deviceId)
    this.camera.plugged(idsOf('videoinput'))
    this.microphone.plugged(idsOf('audioinput'))
  }

  #changed(device: LocalDevice): void {
    this.onUse(device.kind)
    // Labels appear with the first permission.
    if (device.track !== null) void this.#list()
  }
}

function reactive<T>(initial: T): Cell<T> {
  let value = $state.raw(initial)
  return {
    get value() {
      return value
    },
    set value(next) {
      value = next
    },
  }
}

async function permissionOf(kind: DeviceKind): Promise<PermissionState> {
  const name = (kind === 'audio' ? 'microphone' : 'camera') as PermissionName
  try {
    return (await navigator.permissions.query({ name })).state
  } catch {
    return 'denied'
  }
}
