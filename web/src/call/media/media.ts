/** The media of one connection to the TCS: both transports, mended or made anew while the connection lasts. */
import type { PeerId, ProducerInfo } from '@huisclos/sfu/protocol'
import { codeOf } from '../outcome/errors.ts'
import { backoffMs, pause } from '../signalling/backoff.ts'
import { Downlink } from './downlink.ts'
import type { MediaOptions } from './media-options.ts'
import { RelayKeeper } from './relay-keeper.ts'
import type { MediaTransport, TransportContext } from './transport.ts'
import { Uplink, type SentSource } from './uplink.ts'

const SOURCES = ['audio', 'video'] as const

export class Media {
  readonly #options: MediaOptions
  readonly #producers = new Map<string, ProducerInfo>()
  readonly #end = new AbortController()
  readonly #relay: RelayKeeper
  #uplink: Uplink | null = null
  #downlink: Downlink | null = null
  /** Rises with every set-up; work begun for an older one stops. */
  #round = 0
  /** The set-up that waits for its next attempt. */
  #resting: number | null = null
  /** Before, there are transports, and nothing is sent. */
  #entered = false
  /** Transports that died since one was last connected. */
  #deaths = 0
  #cap = 2
  #pageVisible = true
  #sendingStopped = false

  constructor(options: MediaOptions) {
    this.#options = options
    this.#relay = new RelayKeeper(options.admission.relay, options.ask, async (relay) => {
      for (const link of this.#links()) await link.renew(relay)
    })
  }

  get uplink(): Uplink | null {
    return this.#uplink
  }

  get downlink(): Downlink | null {
    return this.#downlink
  }

  /** We are in the room: media flows, through the transports that were made meanwhile. */
  async enter(): Promise<void> {
    this.#entered = true
    // Whoever has clicked does not wait for the next attempt of something that failed before.
    if (this.#round === 0 || this.#resting === this.#round) await this.build()
    else await Promise.all(SOURCES.map((source) => this.refresh(source)))
  }

  /**
   * Opens both transports, receives every known producer and, once we have entered, sends what is wanted. Also mends
   * everything after a loss.
   */
  async build(): Promise<void> {
    const round = ++this.#round
    this.#closeLinks()
    for (let attempt = 0; this.#current(round); attempt++) {
      const failures = await Promise.all([this.#openDownlink(round), this.#openUplink(round)])
      // A cut connection is the call's to mend, and an impostor has been told to it.
      if (!failures.some(isPassing) || !this.#current(round)) return
      this.#closeLinks()
      // A media worker that is being replaced is worth waiting for.
      this.#resting = round
      await pause(backoffMs(attempt, Math.random()), this.#end.signal)
      if (this.#resting === round) this.#resting = null
    }
  }

  /** The media worker died: nothing exists any more at the TCS, and everybody will send anew. */
  reset(): Promise<void> {
    this.#producers.clear()
    return this.build()
  }

  /** The camera or the microphone was turned on or off, or is another one. */
  async refresh(source: SentSource): Promise<void> {
    if (!this.#entered) return
    const round = this.#round
    await this.#uplink?.refresh(source).catch((error: unknown) => this.#report(round, error))
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
    this.#relay.close()
    this.#closeLinks()
  }

  /** Stops sending at once and for good; receiving goes on. */
  stopSending(): void {
    this.#sendingStopped = true
    this.#uplink?.close()
    this.#uplink = null
  }

  /** @returns the code of what went wrong, or null. */
  async #openDownlink(round: number): Promise<string | null> {
    try {
      const { e2ee, onStream: onAdded, onStreamRemoved: onRemoved } = this.#options
      const newest = (id: string): ProducerInfo | undefined => this.#producers.get(id)
      const own = { e2ee, newest, onAdded, onRemoved }
      const downlink = await Downlink.open({ ...this.#context(round), ...own })
      if (!this.#current(round)) {
        downlink.close()
        return null
      }
      this.#downlink = downlink
      downlink.limitLayers(this.#cap)
      downlink.pageVisible(this.#pageVisible)
      for (const producer of this.#producers.values()) this.#receive(producer)
      return null
    } catch (error) {
      return this.#refused(round, error)
    }
  }

  /** @returns the code of what went wrong, or null. */
  async #openUplink(round: number): Promise<string | null> {
    if (this.#sendingStopped) return null
    try {
      const { e2ee, admission, publish, outgoing } = this.#options
      const own = { e2ee, videoCodec: admission.videoCodec, publish, outgoing }
      const uplink = await Uplink.open({ ...this.#context(round), ...own })
      if (!this.#current(round) || this.#stopped()) {
        uplink.close()
        return null
      }
      this.#uplink = uplink
      void uplink.limitLayers(this.#cap)
      for (const source of SOURCES) void this.refresh(source)
      return null
    } catch (error) {
      return this.#refused(round, error)
    }
  }

  #receive(producer: ProducerInfo): void {
    const round = this.#round
    this.#downlink?.add(producer).catch((error: unknown) => this.#report(round, error))
  }

  #report(round: number, error: unknown): void {
    const code = codeOf(error)
    if (this.#current(round) && !passing.has(code)) this.#options.onProblem(code)
  }

  #refused(round: number, error: unknown): string {
    const code = codeOf(error)
    if (code === 'E_TCS' && this.#current(round)) this.#options.onImpostor()
    return code
  }

  async #rebuild(round: number): Promise<void> {
    if (!this.#current(round)) return
    // What dies again and again is not made anew without a breath.
    if (this.#deaths++ > 0) await pause(backoffMs(this.#deaths, Math.random()), this.#end.signal)
    if (this.#current(round)) await this.build()
  }

  #context(round: number): TransportContext {
    const { ask, device, admission, checkTransport } = this.#options
    return {
      ask,
      check: checkTransport,
      device,
      iceTransportPolicy: admission.iceTransportPolicy,
      relay: () => this.#relay.current,
      onConnected: () => {
        this.#deaths = 0
      },
      onDead: () => void this.#rebuild(round),
    }
  }

  #links(): readonly MediaTransport[] {
    return [this.#uplink?.link, this.#downlink?.link].filter((link) => link !== undefined)
  }

  #current(round: number): boolean {
    return round === this.#round && !this.#end.signal.aborted
  }

  #stopped(): boolean {
    return this.#sendingStopped
  }

  #closeLinks(): void {
    this.#uplink?.close()
    this.#downlink?.close()
    this.#uplink = null
    this.#downlink = null
  }
}

/** Ends of a connection or of a set-up: the next one does the work again. */
const passing: ReadonlySet<string> = new Set(['disconnected', 'media-unavailable', 'not-found'])

/** A refusal that is worth another try of this set-up. */
function isPassing(code: string | null): boolean {
  return code !== null && code !== 'disconnected' && code !== 'E_TCS'
}
