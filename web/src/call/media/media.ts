/** The media of one connection to the TCS: both transports, mended or made anew while the connection lasts. */
import { Device } from 'mediasoup-client'
import type { types } from 'mediasoup-client'
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { StreamDescriptor } from '@huisclos/e2ee-worker/protocol'
import type { Admission, PeerId, ProducerInfo, RelayCredentials } from '@huisclos/sfu/protocol'
import { backoffMs, pause } from '../signalling/backoff.ts'
import { Downlink } from './downlink.ts'
import { codeOf } from '../outcome/errors.ts'
import type { RemoteStream } from '../people/peer-view.ts'
import type { Ask } from '../signalling/signal.ts'
import type { TransportContext } from './transport.ts'
import { Uplink, type SentSource } from './uplink.ts'

export interface MediaOptions {
  readonly ask: Ask
  readonly admission: Admission
  readonly device: types.Device
  readonly checkTransport: TransportContext['check']
  readonly e2ee: E2eeClient
  readonly publish: (stream: StreamDescriptor) => Promise<void>
  readonly onStream: (stream: RemoteStream) => void
  readonly onStreamRemoved: (consumerId: string) => void
  readonly onStreamPaused: (consumerId: string, paused: boolean) => void
  /** Sending or receiving one stream failed for good; the rest goes on. */
  readonly onProblem: (code: string) => void
  /** The TCS gave us a transport that it has not signed: no media goes there. */
  readonly onImpostor: () => void
}

interface Sent {
  readonly track: MediaStreamTrack | null
  readonly on: boolean
}

const RENEW_BEFORE_MS = 120_000
const SHORTEST_RENEWAL_MS = 30_000
const LONGEST_RENEWAL_MS = 300_000

export async function loadDevice(admission: Admission): Promise<types.Device> {
  const device = await Device.factory()
  const routerRtpCapabilities = admission.routerRtpCapabilities as types.RtpCapabilities
  await device.load({ routerRtpCapabilities })
  return device
}

export class Media {
  readonly #options: MediaOptions
  readonly #producers = new Map<string, ProducerInfo>()
  readonly #sent = new Map<SentSource, Sent>()
  readonly #end = new AbortController()
  #relay: RelayCredentials
  #renewal: ReturnType<typeof setTimeout> | undefined
  #uplink: Uplink | null = null
  #downlink: Downlink | null = null
  /** Rises with every set-up; work begun for an older one stops. */
  #round = 0
  #cap = 2
  #pageVisible = true

  constructor(options: MediaOptions) {
    this.#options = options
    this.#relay = options.admission.relay
    this.#planRenewal()
  }

  get uplink(): Uplink | null {
    return this.#uplink
  }

  get downlink(): Downlink | null {
    return this.#downlink
  }

  /** Opens both transports, receives every known producer and sends what is on. Also mends everything after a loss. */
  async build(): Promise<void> {
    const round = ++this.#round
    this.#closeLinks()
    for (let attempt = 0; this.#current(round); attempt++) {
      const failure = await this.#openLinks(round)
      // A cut connection is the call's to mend.
      if (failure === 'disconnected') return
      if (failure === 'E_TCS') {
        if (this.#current(round)) this.#options.onImpostor()
        return
      }
      if (failure === null) break
      // A media worker that is being replaced is worth waiting for.
      await pause(backoffMs(attempt, Math.random()), this.#end.signal)
    }
    if (!this.#current(round)) return
    this.#downlink?.limitLayers(this.#cap)
    this.#downlink?.pageVisible(this.#pageVisible)
    for (const producer of this.#producers.values()) this.#receive(producer)
    for (const [source, { track, on }] of this.#sent) void this.#send(source, track, on)
  }

  /** The media worker died: nothing exists any more at the TCS, and everybody will send anew. */
  reset(): Promise<void> {
    this.#producers.clear()
    return this.build()
  }

  send(source: SentSource, track: MediaStreamTrack | null, on: boolean): Promise<void> {
    this.#sent.set(source, { track, on })
    return this.#send(source, track, on)
  }

  producerAdded(producer: ProducerInfo): void {
    if (producer.peerId === this.#options.admission.peerId) return
    this.#producers.set(producer.producerId, producer)
    this.#receive(producer)
  }

  producerPaused(producerId: string, paused: boolean): void {
    const known = this.#producers.get(producerId)
    if (known !== undefined) this.#producers.set(producerId, { ...known, paused })
    const consumerId = this.#downlink?.consumerOf(producerId) ?? null
    if (consumerId !== null) this.#options.onStreamPaused(consumerId, paused)
  }

  producerClosed(producerId: string): void {
    this.#producers.delete(producerId)
    this.#downlink?.remove(producerId)
  }

  peerGone(peerId: PeerId): void {
    for (const producer of [...this.#producers.values()])
      if (producer.peerId === peerId) this.producerClosed(producer.producerId)
  }

  /** The TCS noticed that the path of this transport is gone; browsers notice much later. */
  async restart(transportId: string): Promise<void> {
    for (const link of this.#links()) if (link.id === transportId) await link.restart()
  }

  pageVisible(visible: boolean): void {
    this.#pageVisible = visible
    this.#downlink?.pageVisible(visible)
  }

  /** Sends and receives fewer layers on a machine that cannot keep up. */
  async limitLayers(cap: number): Promise<void> {
    this.#cap = cap
    this.#downlink?.limitLayers(cap)
    await this.#uplink?.limitLayers(cap)
  }

  /** Idempotent. */
  close(): void {
    this.#round++
    this.#end.abort()
    clearTimeout(this.#renewal)
    this.#closeLinks()
  }

  /** Stops sending at once; receiving goes on. */
  stopSending(): void {
    this.#sent.clear()
    this.#uplink?.close()
    this.#uplink = null
  }

  /** @returns the code of what went wrong, or null. */
  async #openLinks(round: number): Promise<string | null> {
    try {
      const context = this.#context(round)
      const [downlink, uplink] = await Promise.all([
        Downlink.open({ ...context, ...this.#remote() }),
        Uplink.open({ ...context, ...this.#local() }),
      ])
      if (!this.#current(round)) {
        closeBoth(uplink, downlink)
        return null
      }
      this.#downlink = downlink
      this.#uplink = uplink
      return null
    } catch (error) {
      return codeOf(error)
    }
  }

  async #send(source: SentSource, track: MediaStreamTrack | null, on: boolean): Promise<void> {
    const round = this.#round
    try {
      await this.#uplink?.send(source, track, on)
    } catch (error) {
      if (this.#current(round) && !passing.has(codeOf(error)))
        this.#options.onProblem(codeOf(error))
    }
  }

  #receive(producer: ProducerInfo): void {
    const round = this.#round
    this.#downlink?.add(producer).catch((error: unknown) => {
      if (this.#current(round) && !passing.has(codeOf(error)))
        this.#options.onProblem(codeOf(error))
    })
  }

  #planRenewal(): void {
    const untilMs = this.#relay.expiresAtMs - Date.now() - RENEW_BEFORE_MS
    // A wrong clock must lead neither to a flood nor to credentials that run out.
    const delayMs = Math.min(LONGEST_RENEWAL_MS, Math.max(SHORTEST_RENEWAL_MS, untilMs))
    this.#renewal = setTimeout(() => void this.#renew(), delayMs)
  }

  async #renew(): Promise<void> {
    try {
      this.#relay = await this.#options.ask('relay-credentials', {})
      for (const link of this.#links()) await link.renew(this.#relay)
    } catch {
      // Tried again in a while; a cut connection ends this object.
    }
    if (!this.#end.signal.aborted) this.#planRenewal()
  }

  #context(round: number): TransportContext {
    const { ask, device, admission, checkTransport } = this.#options
    return {
      ask,
      check: checkTransport,
      device,
      iceTransportPolicy: admission.iceTransportPolicy,
      relay: this.#relay,
      onDead: () => {
        if (this.#current(round)) void this.build()
      },
    }
  }

  #remote() {
    const { e2ee, onStream, onStreamRemoved } = this.#options
    return { e2ee, onAdded: onStream, onRemoved: onStreamRemoved }
  }

  #local() {
    const { e2ee, admission, publish } = this.#options
    return { e2ee, videoCodec: admission.videoCodec, publish }
  }

  #links() {
    return [this.#uplink?.link, this.#downlink?.link].filter((link) => link !== undefined)
  }

  #current(round: number): boolean {
    return round === this.#round && !this.#end.signal.aborted
  }

  #closeLinks(): void {
    closeBoth(this.#uplink, this.#downlink)
    this.#uplink = null
    this.#downlink = null
  }
}

/** Ends of a connection or of a set-up: the next one does the work again. */
const passing: ReadonlySet<string> = new Set(['disconnected', 'media-unavailable', 'not-found'])

function closeBoth(uplink: Uplink | null, downlink: Downlink | null): void {
  uplink?.close()
  downlink?.close()
}
