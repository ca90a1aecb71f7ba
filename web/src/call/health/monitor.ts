/** Looks at the running media every few seconds: is anything sent that was not sealed, and does the machine keep up? */
import type { TransformStats } from '@huisclos/e2ee-worker/calls'
import { STREAM_INDEX } from '@huisclos/e2ee-worker/protocol'
import { leaks, type SentAndSealed } from './clear-media.ts'
import type { Diagnostics, ReceivingStats, SendingStats } from './diagnostics.ts'
import { NO_LOAD, nextLoad, type Load } from './cpu-load.ts'

export interface MonitorOptions {
  readonly read: () => Promise<Diagnostics>
  /** Something left that the worker has not sealed. */
  readonly onLeak: () => void
  readonly onCap: (cap: number) => void
}

const EVERY_MS = 2_500

export class Monitor {
  readonly #options: MonitorOptions
  readonly #before = new Map<string, SentAndSealed>()
  #received: { dropped: number; frames: number } = { dropped: 0, frames: 0 }
  #load: Load = NO_LOAD
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(options: MonitorOptions) {
    this.#options = options
    this.#plan()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  /** Senders and receivers are new; numbers start again. */
  restart(): void {
    this.#before.clear()
    this.#received = { dropped: 0, frames: 0 }
  }

  /** @returns true when nothing leaks. */
  examine(numbers: Diagnostics): boolean {
    const leaking = numbers.sending.some((sending) => this.#leaks(sending, numbers.transforms))
    if (leaking) this.#options.onLeak()
    this.#weigh(numbers.sending, numbers.receiving)
    return !leaking
  }

  #plan(): void {
    this.#timer = setTimeout(() => {
      void this.#look()
    }, EVERY_MS)
  }

  async #look(): Promise<void> {
    // Numbers that cannot be read now are read the next time.
    const numbers = await this.#options.read().catch(() => null)
    if (this.#closed) return
    if (numbers !== null) this.examine(numbers)
    this.#plan()
  }

  #leaks(sending: SendingStats, transforms: readonly TransformStats[]): boolean {
    const id = String(STREAM_INDEX[sending.source])
    const sealed = transforms
      .filter((transform) => transform.dir === 'encrypt' && transform.id === id)
      .reduce((total, { passed }) => total + passed, 0)
    // One Opus frame is one packet; a picture is many.
    const sent = sending.source === 'audio' ? sending.packetsSent : sending.framesSent
    const now = { sent, sealed }
    const before = this.#before.get(sending.source)
    this.#before.set(sending.source, now)
    return leaks(now, before)
  }

  #weigh(sending: readonly SendingStats[], receiving: readonly ReceivingStats[]): void {
    const dropped = receiving.reduce((total, { framesDropped }) => total + framesDropped, 0)
    const frames = receiving.reduce((total, { framesReceived }) => total + framesReceived, 0)
    const shown = Math.max(0, frames - this.#received.frames)
    const lost = Math.max(0, dropped - this.#received.dropped)
    this.#received = { dropped, frames }
    const sample = {
      cpuLimited: sending.some(({ limitedBy }) => limitedBy === 'cpu'),
      // Few pictures say nothing about the machine.
      dropped: shown < 20 ? 0 : lost / shown,
    }
    const before = this.#load.cap
    this.#load = nextLoad(this.#load, sample)
    if (this.#load.cap !== before) this.#options.onCap(this.#load.cap)
  }
}
