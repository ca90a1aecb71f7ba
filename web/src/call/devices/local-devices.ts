/** The camera and the microphone of this machine, and what is remembered of them: always the wish as it stands. */
import { recallDevices, rememberDevices, type DeviceMemory } from './device-memory.ts'
import type { DeviceKind, DeviceState } from './device-state.ts'
import { LocalDevice, type Cell } from './local-device.ts'
import type { OpenTrack } from './open-track.ts'

export type Wish = Pick<DeviceMemory, 'cameraOn' | 'microphoneOn'>

export interface LocalDevicesOptions {
  readonly storage: Pick<Storage, 'getItem' | 'setItem'> | null
  readonly open: OpenTrack
  readonly cell: (initial: DeviceState<MediaStreamTrack>) => Cell<DeviceState<MediaStreamTrack>>
  /** What was wanted before coming back; null for what was wanted in the last meeting. */
  readonly wish: Wish | null
}

export class LocalDevices {
  readonly camera: LocalDevice
  readonly microphone: LocalDevice
  /** Called whenever the camera or the microphone was turned on, off or changed. */
  onUse: (device: LocalDevice) => void = () => undefined
  readonly #storage: LocalDevicesOptions['storage']
  readonly #first: Wish
  /** As read or written here last: another window of the meeting may have written since. */
  #memory: DeviceMemory
  #speakerId: string | null
  #started = false

  constructor({ storage, open, cell, wish }: LocalDevicesOptions) {
    const memory = recallDevices(storage)
    this.#storage = storage
    this.#memory = memory
    this.#first = wish ?? memory
    this.#speakerId = memory.speakerId
    this.camera = new LocalDevice('video', memory.cameraId, open, cell)
    this.microphone = new LocalDevice('audio', memory.microphoneId, open, cell)
    for (const device of [this.camera, this.microphone])
      device.onChange = () => {
        this.#remember()
        this.onUse(device)
      }
  }

  get wish(): Wish {
    return { cameraOn: this.camera.wanted, microphoneOn: this.microphone.wanted }
  }

  get speakerId(): string | null {
    return this.#speakerId
  }

  /** Opens what was wanted, with one question of the browser when possible. */
  start(): void {
    if (this.#first.microphoneOn) this.microphone.want(true)
    if (this.#first.cameraOn) this.camera.want(true)
    this.#started = true
  }

  /** The person's click on the switch. */
  toggle(kind: DeviceKind): void {
    const device = this.#deviceOf(kind)
    device.want(!device.wanted)
  }

  choose(kind: DeviceKind, deviceId: string): void {
    this.#deviceOf(kind).choose(deviceId)
  }

  chooseSpeaker(deviceId: string): void {
    this.#speakerId = deviceId
    this.#remember()
  }

  close(): void {
    this.camera.close()
    this.microphone.close()
  }

  #deviceOf(kind: DeviceKind): LocalDevice {
    return kind === 'video' ? this.camera : this.microphone
  }

  /** Also after a failure: whoever was shown as muted must not come back live once the device is there again. */
  #remember(): void {
    // Before, nothing is wanted yet, whatever was wanted the last time.
    if (!this.#started) return
    const memory = {
      cameraId: this.camera.chosenId,
      microphoneId: this.microphone.chosenId,
      speakerId: this.#speakerId,
      ...this.wish,
    }
    const known = this.#memory
    const same = (Object.keys(memory) as (keyof DeviceMemory)[]).every(
      (key) => memory[key] === known[key],
    )
    if (same) return
    this.#memory = memory
    rememberDevices(this.#storage, memory)
  }
}
