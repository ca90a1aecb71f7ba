/** For tests: as much of the browser and of mediasoup-client as sends something. */
import type { types } from 'mediasoup-client'
import type { DeviceKind } from '../devices/device-state.ts'

/** A camera or a microphone that is open until it is stopped or pulled out. */
export class FakeTrack extends EventTarget {
  readonly kind: DeviceKind
  readonly #deviceId: string
  enabled = true
  readyState: 'live' | 'ended' = 'live'

  constructor(kind: DeviceKind, deviceId: string) {
    super()
    this.kind = kind
    this.#deviceId = deviceId
  }

  get deviceId(): string {
    return this.#deviceId
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.#deviceId, width: 1280, height: 720 }
  }

  stop(): void {
    this.readyState = 'ended'
  }

  unplug(): void {
    if (this.readyState === 'ended') return
    this.readyState = 'ended'
    this.dispatchEvent(new Event('ended'))
  }
}

export class FakeProducer {
  readonly id: string
  readonly rtpParameters = {}
  readonly #transport: FakeTransport
  track: FakeTrack | null
  paused = false

  constructor(id: string, track: FakeTrack, transport: FakeTransport) {
    this.id = id
    this.track = track
    this.#transport = transport
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }

  close(): void {
    this.track = null
  }

  /** As mediasoup-client: nothing happens at once. */
  async replaceTrack({ track }: { track: FakeTrack | null }): Promise<void> {
    if (track?.readyState === 'ended') throw invalid('track ended')
    for (let turn = 0; turn < 8; turn++) await Promise.resolve()
    if (this.#transport.closed) throw invalid('closed')
    this.track = track
  }
}

/** As mediasoup-client refuses what comes too late. */
function invalid(why: string): DOMException {
  return new DOMException(why, 'InvalidStateError')
}

type Produce = (
  what: { kind: string; rtpParameters: object; appData: object },
  done: (made: { id: string }) => void,
  failed: (error: Error) => void,
) => void

export class FakeTransport {
  readonly id: string
  closed = false
  readonly producers: FakeProducer[] = []
  #produce: Produce = () => undefined

  constructor(id: string) {
    this.id = id
  }

  on(event: string, listener: Produce): void {
    if (event === 'produce') this.#produce = listener
  }

  close(): void {
    this.closed = true
  }

  async produce({ track, onRtpSender, appData = {} }: types.ProducerOptions): Promise<object> {
    const own = track as unknown as FakeTrack
    if (own.readyState === 'ended') throw invalid('track ended')
    await Promise.resolve()
    onRtpSender?.({} as RTCRtpSender)
    // From here on the browser sends, as soon as there is a path.
    const early = new FakeProducer('', own, this)
    this.producers.push(early)
    const { id } = await new Promise<{ id: string }>((done, failed) =>
      this.#produce({ kind: own.kind, rtpParameters: {}, appData }, done, failed),
    )
    if (this.closed) throw invalid('closed')
    const producer = new FakeProducer(id, own, this)
    this.producers.splice(this.producers.indexOf(early), 1, producer)
    return producer
  }
}
