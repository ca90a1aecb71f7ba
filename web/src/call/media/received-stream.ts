/** One stream of somebody else: asks the TCS for as much of it as its tile can show, and for nothing while it cannot. */
import type { types } from 'mediasoup-client'
import type { ConsumerInfo } from '@huisclos/sfu/protocol'
import type { Ask } from '../signalling/signal.ts'
import { layersFor, type Layers } from './layers.ts'

/** What holds for all streams of this page. */
export interface View {
  /** Highest spatial layer this machine copes with. */
  readonly cap: number
  readonly pageVisible: boolean
}

export class ReceivedStream {
  readonly consumer: types.Consumer
  readonly #ask: Ask
  readonly #layered: boolean
  #view: View
  /** Height of the tile in device pixels, 0 while it is not visible. */
  #lines = 0
  /** What the TCS was last told. */
  #flowing = false
  #layers: Layers | null = null
  #told = 0

  constructor(ask: Ask, info: ConsumerInfo, consumer: types.Consumer, view: View) {
    this.#ask = ask
    this.consumer = consumer
    this.#layered = info.kind === 'video' && info.layers !== null
    this.#view = view
  }

  show(lines: number): void {
    if (this.#lines === lines) return
    this.#lines = lines
    this.adjust()
  }

  look(view: View): void {
    this.#view = view
    this.adjust()
  }

  /** Tells the TCS what has changed. Requests are not waited for: the TCS works in the order asked. */
  adjust(): void {
    if (this.consumer.closed) return
    const { kind } = this.consumer
    const flowing = kind === 'audio' || (this.#lines > 0 && this.#view.pageVisible)
    if (flowing && this.#layered) this.#prefer(layersFor(this.#lines, this.#view.cap))
    if (flowing !== this.#flowing) this.#flow(flowing)
  }

  #prefer(layers: Layers): void {
    const last = this.#layers
    if (last?.spatial === layers.spatial && last.temporal === layers.temporal) return
    this.#layers = layers
    this.#ask('prefer-layers', { consumerId: this.consumer.id, ...layers }).catch(() => {
      if (this.#layers === layers) this.#layers = null
    })
  }

  #flow(flowing: boolean): void {
    this.#flowing = flowing
    const told = ++this.#told
    const request = flowing ? 'resume-consumer' : 'pause-consumer'
    this.#ask(request, { consumerId: this.consumer.id }).catch(() => {
      // An older refusal says nothing of what was asked since.
      if (told === this.#told) this.#flowing = !flowing
    })
  }
}
