/** One source this person sends: keeps its producer at what is wanted now, whatever happens while it waits. */
import type { types } from 'mediasoup-client'
import type { Ask } from '../signalling/signal.ts'
import { MOST_LAYERS, scalesFor } from './camera-layers.ts'

export interface SentStreamOptions {
  readonly ask: Ask
  /** Ends a producer at the TCS. */
  readonly forget: (producerId: string) => void
  /** What may be sent now: the open device that the person wants on, or null. Read anew after every wait. */
  readonly outgoing: () => MediaStreamTrack | null
  /** Highest spatial layer this machine copes with. Read anew after every wait. */
  readonly cap: () => number
  /** Makes the keys and then the producer. Resolves to null when `wanted` is false before it is made. */
  readonly produce: (track: MediaStreamTrack, wanted: () => boolean) => Promise<Produced | null>
}

export interface Produced {
  readonly producer: types.Producer
  /** What the TCS was told when it was made. */
  readonly paused: boolean
}

export class SentStream {
  readonly #options: SentStreamOptions
  #producer: types.Producer | null = null
  /** How far the layers are scaled down, and the highest one that is sent; of simulcast only. */
  #scales: readonly number[] = []
  #top = BEST_LAYER
  /** What the TCS was told last. */
  #toldPaused = false
  #work: Promise<void> = Promise.resolve()
  #settling = false
  /** Something has changed since the work in progress last looked. */
  #stale = false
  #keyFrameDue = false
  #closed = false

  constructor(options: SentStreamOptions) {
    this.#options = options
  }

  get producer(): types.Producer | null {
    return this.#producer
  }

  /** Brings the producer to what is wanted now. Resolves when nothing is left to do. */
  refresh(): Promise<void> {
    this.#stale = true
    // What must not be sent any more is stopped at once, not when its turn comes.
    if (this.#outgoing() === null) halt(this.#producer)
    if (!this.#settling) this.#work = this.#settle()
    return this.#work
  }

  /** Our own encoder is asked for a key frame where the worker could not, because receivers have just got a new key. */
  async wantKeyFrame(): Promise<void> {
    const sender = this.#producer?.rtpSender
    this.#keyFrameDue = sender === undefined
    if (sender === undefined) return
    const parameters = sender.getParameters()
    const encodingOptions = parameters.encodings.map(() => ({ keyFrame: true }))
    // Where it is not supported the receivers ask through RTCP, a moment later.
    await (sender as KeyFrameSender)
      .setParameters(parameters, { encodingOptions })
      .catch(() => undefined)
  }

  /** Sends the layers that the camera is worth, and no better one than this machine copes with. */
  async limitLayers(): Promise<void> {
    const producer = this.#producer
    if (producer?.track == null || producer.rtpParameters.encodings?.length !== MOST_LAYERS) return
    const scales = scalesFor(producer.track.getSettings())
    if (scales.length !== this.#scales.length) {
      this.#scales = scales
      await scale(producer.rtpSender, scales)
    }
    const top = Math.min(this.#options.cap(), scales.length - 1)
    if (top === this.#top) return
    this.#top = top
    await producer.setMaxSpatialLayer(top)
  }

  /** Ends at the TCS, where one source may have one producer only. Its transport is closed by its owner. */
  close(): void {
    this.#closed = true
    if (this.#producer !== null) this.#options.forget(this.#producer.id)
    this.#producer = null
  }

  async #settle(): Promise<void> {
    this.#settling = true
    try {
      while (this.#stale && !this.#closed) {
        this.#stale = false
        await this.#tryStep()
      }
    } finally {
      // In the same turn as the last look at `#stale`, so that no change falls in between.
      this.#settling = false
    }
  }

  async #tryStep(): Promise<void> {
    try {
      await this.#step()
    } catch (error) {
      // What failed was for a wish of before; the newest one is tried on its own.
      if (!this.#stale && !this.#closed) throw error
    }
  }

  async #step(): Promise<void> {
    const track = this.#outgoing()
    if (this.#producer === null) {
      if (track !== null) await this.#begin(track)
    } else if (track === null) {
      await this.#silence(this.#producer)
    } else {
      await this.#carry(this.#producer, track)
    }
  }

  async #begin(track: MediaStreamTrack): Promise<void> {
    const produced = await this.#options.produce(track, () => this.#outgoing() === track)
    if (produced === null) return
    const { producer, paused } = produced
    if (this.#closed) {
      this.#options.forget(producer.id)
      return
    }
    this.#producer = producer
    this.#toldPaused = paused
    this.#scales = scalesFor(track.getSettings())
    if (this.#outgoing() === null) halt(producer)
    // The wish may have changed on the way: the next step compares.
    this.#stale = true
    if (this.#keyFrameDue) await this.wantKeyFrame()
    await this.limitLayers()
  }

  async #silence(producer: types.Producer): Promise<void> {
    halt(producer)
    if (producer.track !== null) await producer.replaceTrack({ track: null })
    await this.#tell(producer, true)
  }

  async #carry(producer: types.Producer, track: MediaStreamTrack): Promise<void> {
    if (producer.track !== track) {
      await producer.replaceTrack({ track })
      await this.limitLayers()
    }
    if (this.#outgoing() !== track) {
      this.#stale = true
      return
    }
    if (producer.paused) producer.resume()
    await this.#tell(producer, false)
  }

  async #tell(producer: types.Producer, paused: boolean): Promise<void> {
    if (this.#toldPaused === paused) return
    const request = paused ? 'pause-producer' : 'resume-producer'
    await this.#options.ask(request, { producerId: producer.id })
    this.#toldPaused = paused
  }

  #outgoing(): MediaStreamTrack | null {
    const track = this.#options.outgoing()
    return track?.readyState === 'live' ? track : null
  }
}

const BEST_LAYER = MOST_LAYERS - 1

function halt(producer: types.Producer | null): void {
  if (producer?.paused === false) producer.pause()
}

/** Another camera is worth other layers. Nothing is negotiated anew: the browser scales differently from here on. */
async function scale(sender: RTCRtpSender | undefined, scales: readonly number[]): Promise<void> {
  const parameters = sender?.getParameters()
  if (sender === undefined || parameters === undefined) return
  for (const [layer, encoding] of parameters.encodings.entries())
    encoding.scaleResolutionDownBy = scales[layer] ?? 1
  await sender.setParameters(parameters)
}

/** Newer than TypeScript's DOM: WebRTC extensions, `RTCSetParameterOptions`. */
interface KeyFrameSender {
  setParameters(
    parameters: RTCRtpSendParameters,
    options: { readonly encodingOptions: readonly { readonly keyFrame: boolean }[] },
  ): Promise<void>
}
