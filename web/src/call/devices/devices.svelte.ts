/** The camera, the microphone and the loudspeaker of this machine: which there are, which are used, what fails. */
import { problemOf } from './device-problem.ts'
import {
  deviceStorage,
  recallDevices,
  rememberDevices,
  type DeviceMemory,
} from './device-memory.ts'
import { constraintsFor, LocalDevice, type DeviceKind } from './local-device.svelte.ts'

export interface DeviceOption {
  readonly id: string
  /** Empty until the browser may tell (permission given). */
  readonly label: string
}

interface Options {
  readonly cameras: readonly DeviceOption[]
  readonly microphones: readonly DeviceOption[]
  readonly speakers: readonly DeviceOption[]
}

/** Firefox before 116 and all phones choose the output themselves. */
export const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype

export class Devices {
  readonly camera: LocalDevice
  readonly microphone: LocalDevice
  #options = $state.raw<Options>({ cameras: [], microphones: [], speakers: [] })
  #speakerId = $state<string | null>(null)
  readonly #memory: DeviceMemory
  /** Called whenever the camera or the microphone was turned on, off or changed. */
  onUse: (kind: DeviceKind) => void = () => undefined
  #listening = false

  constructor() {
    this.#memory = recallDevices(deviceStorage())
    const open = (constraints: MediaStreamConstraints): Promise<MediaStream> =>
      navigator.mediaDevices.getUserMedia(constraints)
    this.camera = new LocalDevice('video', open, this.#memory.cameraId)
    this.microphone = new LocalDevice('audio', open, this.#memory.microphoneId)
    this.#speakerId = this.#memory.speakerId
    for (const device of [this.camera, this.microphone])
      device.onChange = () => this.#changed(device.kind)
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

  chooseSpeaker(deviceId: string): void {
    this.#speakerId = deviceId
    this.#remember()
  }

  /** Opens what was on last time, with one question of the browser when possible. */
  async start(): Promise<void> {
    if (!this.#listening) {
      navigator.mediaDevices.addEventListener('devicechange', this.#onDeviceChange)
      this.#listening = true
    }
    const { cameraOn, microphoneOn } = this.#memory
    if (!(cameraOn && microphoneOn && (await this.#startBoth()))) {
      if (microphoneOn) await this.microphone.turn(true)
      if (cameraOn) await this.camera.turn(true)
    }
    await this.#list()
  }

  close(): void {
    navigator.mediaDevices.removeEventListener('devicechange', this.#onDeviceChange)
    this.camera.close()
    this.microphone.close()
  }

  async #startBoth(): Promise<boolean> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: constraintsFor('audio', this.#memory.microphoneId),
        video: constraintsFor('video', this.#memory.cameraId),
      })
      const [audio] = stream.getAudioTracks()
      const [video] = stream.getVideoTracks()
      if (audio !== undefined) this.microphone.adopt(audio, true)
      if (video !== undefined) this.camera.adopt(video, true)
      return true
    } catch (error) {
      // A refusal answers for both; asking again for each would only ask the same question twice more.
      if (problemOf(error) !== 'refused') return false
      return this.#refusedOne()
    }
  }

  /** One of the two may have been allowed before: then that one still opens without a question. */
  async #refusedOne(): Promise<boolean> {
    for (const device of [this.microphone, this.camera]) {
      if ((await permissionOf(device.kind)) === 'granted') await device.turn(true)
      else device.fail('refused')
    }
    return true
  }

  readonly #onDeviceChange = (): void => {
    void this.#list().then(() => this.#retry())
  }

  async #list(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => [])
    const of = (kind: MediaDeviceKind): DeviceOption[] =>
      all
        .filter((device) => device.kind === kind && device.deviceId !== '')
        .map((device) => ({ id: device.deviceId, label: device.label }))
    this.#options = {
      cameras: of('videoinput'),
      microphones: of('audioinput'),
      speakers: canChooseSpeaker ? of('audiooutput') : [],
    }
  }

  /** A device that was missing may have been plugged in. */
  async #retry(): Promise<void> {
    const came = (problem: string | null, options: readonly DeviceOption[]): boolean =>
      (problem === 'missing' || problem === 'unplugged') && options.length > 0
    if (came(this.microphone.problem, this.microphones)) await this.microphone.turn(true)
    const same = this.cameras.some((camera) => camera.id === this.camera.chosenId)
    if (same && came(this.camera.problem, this.cameras)) await this.camera.turn(true)
  }

  #changed(kind: DeviceKind): void {
    this.onUse(kind)
    this.#remember()
    // Labels appear with the first permission.
    void this.#list()
  }

  #remember(): void {
    rememberDevices(deviceStorage(), {
      cameraId: this.camera.chosenId,
      microphoneId: this.microphone.chosenId,
      speakerId: this.#speakerId,
      // A broken device is not a wish to stay invisible next time.
      cameraOn: this.camera.on || this.camera.problem !== null,
      microphoneOn: this.microphone.on || this.microphone.problem !== null,
    })
  }
}

async function permissionOf(kind: 'audio' | 'video'): Promise<PermissionState> {
  const name = (kind === 'audio' ? 'microphone' : 'camera') as PermissionName
  try {
    return (await navigator.permissions.query({ name })).state
  } catch {
    return 'denied'
  }
}
