/** One local device in use, the camera or the microphone: its track, whether it is on, and what is wrong with it. */
import { problemOf, type DeviceProblem } from './device-problem.ts'

export type DeviceKind = 'audio' | 'video'
export type OpenMedia = (constraints: MediaStreamConstraints) => Promise<MediaStream>

export class LocalDevice {
  readonly kind: DeviceKind
  readonly #open: OpenMedia
  #track = $state.raw<MediaStreamTrack | null>(null)
  #on = $state(false)
  #opening = $state(false)
  #problem = $state<DeviceProblem | null>(null)
  #deviceId = $state<string | null>(null)
  #lastId: string | null = null
  #closed = false
  #work: Promise<unknown> = Promise.resolve()
  /** Called whenever it was turned on or off, or another track is in use. */
  onChange: () => void = () => undefined

  constructor(kind: DeviceKind, open: OpenMedia, deviceId: string | null) {
    this.kind = kind
    this.#open = open
    this.#deviceId = deviceId
  }

  /** The live track. A muted microphone keeps its track; a camera that is off has none, so that its light is off. */
  get track(): MediaStreamTrack | null {
    return this.#track
  }

  /** True while the person wants it on and it works. */
  get on(): boolean {
    return this.#on
  }

  get opening(): boolean {
    return this.#opening
  }

  get problem(): DeviceProblem | null {
    return this.#problem
  }

  /** The device in use, else the one used last or chosen. */
  get deviceId(): string | null {
    return this.#track?.getSettings().deviceId ?? this.#lastId ?? this.#deviceId
  }

  /** What the person chose, to be remembered. */
  get chosenId(): string | null {
    return this.#deviceId
  }

  /** Turns on or off. Failing to turn on is a state (`problem`), not an exception. */
  turn(on: boolean): Promise<void> {
    return this.#inOrder(async () => {
      if (!on) {
        this.#on = false
        this.#problem = null
        if (this.kind === 'video') this.#release()
        else if (this.#track !== null) this.#track.enabled = false
      } else if (this.#track === null) {
        await this.#acquire()
      } else {
        this.#track.enabled = true
        this.#on = true
      }
      this.onChange()
    })
  }

  choose(deviceId: string): Promise<void> {
    return this.#inOrder(async () => {
      this.#deviceId = deviceId
      this.#lastId = deviceId
      if (this.#track !== null || this.#problem !== null) {
        const on = this.#on || this.#problem !== null
        // Some cameras and most Bluetooth microphones cannot be opened twice: close first.
        this.#release()
        await this.#acquire(on)
      }
      this.onChange()
    })
  }

  /** Uses a track that somebody else has opened (camera and microphone asked for in one go). */
  adopt(track: MediaStreamTrack, on: boolean): void {
    this.#use(track, on)
    this.onChange()
  }

  fail(problem: DeviceProblem): void {
    this.#on = false
    this.#problem = problem
  }

  close(): void {
    this.#closed = true
    this.#release()
  }

  async #acquire(on = true): Promise<void> {
    this.#opening = true
    try {
      const stream = await openPreferring(this.#open, this.kind, this.#deviceId)
      const track = stream.getTracks()[0]
      if (track === undefined) this.fail('failed')
      else this.#use(track, on)
    } catch (error) {
      this.fail(problemOf(error))
    } finally {
      this.#opening = false
    }
  }

  #use(track: MediaStreamTrack, on: boolean): void {
    if (this.#closed) {
      track.stop()
      return
    }
    this.#problem = null
    track.enabled = on
    track.addEventListener('ended', () => void this.#ended(track))
    this.#track = track
    this.#lastId = track.getSettings().deviceId ?? null
    this.#on = on
  }

  async #ended(track: MediaStreamTrack): Promise<void> {
    if (track !== this.#track) return
    const wasOn = this.#on
    this.#release()
    this.fail('unplugged')
    this.onChange()
    // Another microphone carries the voice on; another camera might show what nobody meant to show.
    if (this.kind === 'audio') await this.#inOrder(() => this.#fallBack(wasOn))
  }

  async #fallBack(on: boolean): Promise<void> {
    if (this.#track !== null || this.#closed) return
    await this.#acquire(on)
    // When there is no other one, "unplugged" says more than "missing".
    if (this.problem === 'missing') this.fail('unplugged')
    this.onChange()
  }

  #release(): void {
    this.#track?.stop()
    this.#track = null
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const next = this.#work.then(() => (this.#closed ? undefined : work()))
    this.#work = next.catch(() => undefined)
    return next
  }
}

export function constraintsFor(kind: DeviceKind, deviceId: string | null): MediaTrackConstraints {
  const chosen = deviceId === null ? {} : { deviceId: { exact: deviceId } }
  return kind === 'video'
    ? { ...chosen, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } }
    : { ...chosen, echoCancellation: true, noiseSuppression: true, autoGainControl: true }
}

async function openPreferring(
  open: OpenMedia,
  kind: DeviceKind,
  deviceId: string | null,
): Promise<MediaStream> {
  const ask = (id: string | null): MediaStreamConstraints =>
    kind === 'video' ? { video: constraintsFor(kind, id) } : { audio: constraintsFor(kind, id) }
  if (deviceId === null) return open(ask(null))
  try {
    return await open(ask(deviceId))
  } catch (error) {
    // The remembered device is not plugged in today: any other is better than none.
    if (problemOf(error) !== 'missing') throw error
    return open(ask(null))
  }
}
