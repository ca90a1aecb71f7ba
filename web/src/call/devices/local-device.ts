/** One local device, the camera or the microphone: asks the browser for it and carries out what its state demands. */
import { problemOf, type DeviceProblem } from './device-problem.ts'
import {
  closedDevice,
  mustAsk,
  nextDeviceState,
  type DeviceEvent,
  type DeviceKind,
  type DeviceState,
} from './device-state.ts'
import type { OpenTrack } from './open-track.ts'

/** Where the state is kept: reactive in the page. */
export interface Cell<T> {
  value: T
}
type State = DeviceState<MediaStreamTrack>

export class LocalDevice {
  readonly #cell: Cell<State>
  readonly #open: OpenTrack
  /** Called whenever the wish, the device or its problem changed. */
  onChange: () => void = () => undefined

  constructor(
    kind: DeviceKind,
    chosenId: string | null,
    open: OpenTrack,
    cell: (initial: State) => Cell<State>,
  ) {
    this.#open = open
    this.#cell = cell(closedDevice(kind, chosenId))
  }

  get kind(): DeviceKind {
    return this.#cell.value.kind
  }

  /** The person's wish: what the button says. */
  get wanted(): boolean {
    return this.#cell.value.wanted
  }

  /** What may be shown and sent: the open device. Null whenever it is not wanted. */
  get track(): MediaStreamTrack | null {
    return this.#cell.value.track
  }

  get opening(): boolean {
    return this.#cell.value.opening
  }

  get problem(): DeviceProblem | null {
    return this.#cell.value.problem
  }

  /** One was plugged in where none was found; only a click turns it on. */
  get appeared(): boolean {
    return this.#cell.value.appeared
  }

  /** The device in use, else the one used or chosen last. */
  get deviceId(): string | null {
    return this.#cell.value.lastId
  }

  /** What the person chose, to be remembered. */
  get chosenId(): string | null {
    return this.#cell.value.chosenId
  }

  /** The person turns it on or off. Failing to open is a state (`problem`), not an exception. */
  want(on: boolean): void {
    this.#apply({ type: 'want', on })
  }

  /** The person chooses another device, which is opened only while one is wanted. */
  choose(id: string): void {
    this.#apply({ type: 'choose', id })
  }

  /** @param ids - the devices of this kind there are, after some were plugged in or unplugged */
  plugged(ids: readonly string[]): void {
    this.#apply({ type: 'plugged', ids })
  }

  /** Closes the device for good; the wish stays known. Idempotent. */
  close(): void {
    this.#apply({ type: 'close' })
  }

  #apply(event: DeviceEvent<MediaStreamTrack>): void {
    const before = this.#cell.value
    const after = nextDeviceState(before, event)
    // Some cameras and most Bluetooth microphones cannot be opened twice: the old one is closed first.
    if (before.track !== after.track) before.track?.stop()
    // Not wanted any more when it came: it must not stay open for even a moment.
    if (event.type === 'opened' && after.track !== event.track) event.track.stop()
    this.#cell.value = after
    this.onChange()
    if (mustAsk(this.#cell.value)) void this.#ask()
  }

  async #ask(): Promise<void> {
    const { kind, chosenId: askedId } = this.#cell.value
    this.#apply({ type: 'ask' })
    try {
      this.#opened(await this.#open(kind, askedId), askedId)
    } catch (error) {
      this.#apply({ type: 'failed', problem: problemOf(error), askedId })
    }
  }

  #opened(track: MediaStreamTrack, askedId: string | null): void {
    // A track that ended on its way here will not say so again.
    if (track.readyState === 'ended') {
      this.#apply({ type: 'failed', problem: 'unplugged', askedId })
      return
    }
    track.addEventListener('ended', () => this.#apply({ type: 'ended', track }))
    const hear = (): void => this.#apply({ type: 'silenced', track, silent: track.muted })
    track.addEventListener('mute', hear)
    track.addEventListener('unmute', hear)
    this.#apply({ type: 'opened', track, id: track.getSettings().deviceId ?? null, askedId })
    if (track.muted) hear()
  }
}
