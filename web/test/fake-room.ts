/** For tests: one person with a device, a browser and a TCS that answer when the test says so, one answer at a time. */
import type { types } from 'mediasoup-client'
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { Admission, PeerId } from '@huisclos/sfu/protocol'
import type { DeviceKind, DeviceState } from '../src/call/devices/device-state.ts'
import { LocalDevice } from '../src/call/devices/local-device.ts'
import type { CallCode } from '../src/call/outcome/codes.ts'
import { CallError } from '../src/call/outcome/errors.ts'
import type { Ask } from '../src/call/signalling/signal.ts'
import { FakeTrack, FakeTransport, type FakeProducer } from '../src/call/media/fake-transport.ts'
import { Media } from '../src/call/media/media.ts'

interface Pending {
  readonly answer: () => void
  readonly fail: (error: Error) => void
}

export class FakeRoom {
  readonly kind: DeviceKind
  readonly device: LocalDevice
  /** What the TCS carries of this person, by producer. */
  readonly carried = new Map<string, { paused: boolean; transportId: string }>()
  /** What the person was told. */
  readonly problems: string[] = []
  plugged: string[] = ['a', 'b']
  readonly #tracks: FakeTrack[] = []
  readonly #opens: Pending[] = []
  #asked: Pending[] = []
  #transports: FakeTransport[] = []
  #ids = 0
  #media: Media | null = null

  constructor(kind: DeviceKind) {
    this.kind = kind
    const cell = (value: DeviceState<MediaStreamTrack>) => ({ value })
    this.device = new LocalDevice(kind, null, (_, id) => this.#open(id), cell)
    this.device.onChange = () => void this.#media?.refresh(kind)
  }

  /** The devices that are open: the browser's recording mark is on. */
  get open(): readonly FakeTrack[] {
    return this.#tracks.filter(({ readyState }) => readyState === 'live')
  }

  /** Tracks that this person's browser sends now, or will as soon as there is a path. */
  get sending(): readonly FakeTrack[] {
    return this.#transports
      .filter(({ closed }) => !closed)
      .flatMap(({ producers }) => producers)
      .flatMap(({ track }) => (track?.readyState === 'live' && track.enabled ? [track] : []))
  }

  get producers(): readonly FakeProducer[] {
    return this.#transports.filter(({ closed }) => !closed).flatMap(({ producers }) => producers)
  }

  get joined(): boolean {
    return this.#media !== null
  }

  get transports(): readonly FakeTransport[] {
    return this.#transports.filter(({ closed }) => !closed)
  }

  get pending(): number {
    return this.#opens.length + this.#asked.length
  }

  /** Joins, or comes back after the connection was cut. */
  connect(): void {
    this.prepare()
    this.enter()
  }

  /** Transports are made during the device check. */
  prepare(): void {
    this.#media?.close()
    for (const { fail } of this.#asked.splice(0)) fail(new CallError('disconnected'))
    this.carried.clear()
    this.#media = this.#makeMedia()
    void this.#media.build()
  }

  /** Clicks. */
  enter(): void {
    void this.#media?.enter()
  }

  /** The media worker of the TCS died. */
  reset(): void {
    this.carried.clear()
    void this.#media?.reset()
  }

  leave(): void {
    this.#media?.close()
    this.device.close()
  }

  unplug(): void {
    const gone = this.plugged.shift()
    for (const track of this.#tracks) if (track.deviceId === gone) track.unplug()
    this.device.plugged(this.plugged)
  }

  plug(): void {
    for (const id of ['a', 'b']) if (!this.plugged.includes(id)) this.plugged.push(id)
    this.device.plugged(this.plugged)
  }

  /** The browser answers the oldest question for a device. */
  answerOpen(): void {
    this.#opens.shift()?.answer()
  }

  failOpen(name: string): void {
    this.#opens.shift()?.fail(new DOMException('', name))
  }

  answerAsk(): void {
    this.#asked.shift()?.answer()
  }

  /** The TCS refuses the oldest request. */
  refuseAsk(code: CallCode): void {
    this.#asked.shift()?.fail(new CallError(code))
  }

  #open(id: string | null): Promise<MediaStreamTrack> {
    return new Promise((resolve, reject) => {
      const answer = (): void => {
        const found = this.plugged.find((plugged) => plugged === id) ?? this.plugged[0]
        if (found === undefined) {
          reject(new DOMException('', 'NotFoundError'))
          return
        }
        const track = new FakeTrack(this.kind, found)
        this.#tracks.push(track)
        resolve(track as unknown as MediaStreamTrack)
      }
      this.#opens.push({ answer, fail: reject })
    })
  }

  #ask(type: string, request: Record<string, unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const answer = (): void => {
        const reply = this.#replyTo(type, request)
        if (reply === null) reject(new CallError('not-found'))
        else resolve(reply)
      }
      this.#asked.push({ answer, fail: reject })
    })
  }

  #replyTo(type: string, request: Record<string, unknown>): object | null {
    const id = request['producerId'] as string
    if (type === 'create-transport') {
      const fingerprints = [{ algorithm: 'sha-256', value: 'AA' }]
      const transportId = `${String(request['direction'])} ${++this.#ids}`
      return { transportId, dtlsParameters: { fingerprints }, signature: new Uint8Array(64) }
    }
    if (type === 'produce') {
      const producerId = `producer ${++this.#ids}`
      const transportId = request['transportId'] as string
      this.carried.set(producerId, { paused: request['paused'] === true, transportId })
      return { producerId }
    }
    if (type === 'close-producer') return this.carried.delete(id) ? {} : null
    const carried = this.carried.get(id)
    if (carried === undefined) return null
    carried.paused = type === 'pause-producer'
    return {}
  }

  #makeMedia(): Media {
    const make = ({ id }: types.TransportOptions): FakeTransport => {
      const transport = new FakeTransport(id)
      this.#transports.push(transport)
      return transport
    }
    const codecs = [{ mimeType: 'audio/opus' }, { mimeType: 'video/VP8' }]
    const device = {
      sendRtpCapabilities: { codecs },
      handlerName: 'Chrome111',
      createSendTransport: make,
      createRecvTransport: make,
    }
    const relay = { urls: [], username: '', credential: '', expiresAtMs: 0 }
    const e2ee = { encryptTransform: () => ({}), notice: () => undefined }
    return new Media({
      ask: ((type: string, request: object) => this.#ask(type, { ...request })) as Ask,
      admission: { peerId: 'me' as PeerId, relay, videoCodec: 'vp8' } as unknown as Admission,
      device: device as unknown as types.Device,
      checkTransport: () => Promise.resolve(),
      e2ee: e2ee as unknown as E2eeClient,
      publish: () => Promise.resolve(),
      outgoing: (source) => (source === this.kind ? this.device.track : null),
      onStream: () => undefined,
      onStreamRemoved: () => undefined,
      onStreamPaused: () => undefined,
      onProblem: (code) => this.problems.push(code),
      onImpostor: () => undefined,
    })
  }
}
