/** Decisions of moderators that cannot count yet: their HELLO has not come, or their device is not accepted here. */
import { toHex, type Bytes } from '../../wire.ts'
import type { MemberId } from '../../protocol.ts'

/** As many as one ROSTER carries: what one device hands on leaves the places of the others alone. */
const MAX_OF_DEVICE = 33
const MAX_WAITING = 33 * 64

export interface WaitingDecision {
  /** The moderator whose word it is said to be. */
  readonly from: MemberId
  readonly signed: Bytes
  /** Thumbprint of the device that handed it on. */
  readonly by: string
}

export class WaitingDecisions {
  /** By their bytes: everybody hands the same ones on. */
  readonly #waiting = new Map<string, WaitingDecision>()

  /** It may take the place of an older one from the same device. */
  keep(decision: WaitingDecision): void {
    const key = toHex(decision.signed)
    if (this.#waiting.has(key)) return
    const ofDevice = [...this.#waiting].filter(([, { by }]) => by === decision.by)
    const [oldest] = ofDevice
    if (oldest && ofDevice.length >= MAX_OF_DEVICE) this.#waiting.delete(oldest[0])
    if (this.#waiting.size < MAX_WAITING) this.#waiting.set(key, decision)
  }

  /** Those of one moderator, who can be asked now. */
  take(from: MemberId): readonly WaitingDecision[] {
    const taken = [...this.#waiting].filter(([, decision]) => decision.from === from)
    for (const [key] of taken) this.#waiting.delete(key)
    return taken.map(([, decision]) => decision)
  }
}
