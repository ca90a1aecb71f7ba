/** Places for connections that have proved nothing: a share for each network, and a reserve for everybody else. */

export interface ShareLimits {
  readonly places: number
  /** What one network may hold. */
  readonly perNetwork: number
  /** The last places, kept for networks that hold fewer than `modest`. */
  readonly reserved: number
  readonly modest: number
}

export class Shares {
  readonly #limits: ShareLimits
  readonly #held = new Map<string, number>()
  #taken = 0

  constructor(limits: ShareLimits) {
    this.#limits = limits
  }

  /** False when there is no place; otherwise it is held until `give`. */
  take(network: string): boolean {
    const { places, perNetwork, reserved, modest } = this.#limits
    const held = this.#held.get(network) ?? 0
    const allowed = this.#taken < places - reserved ? perNetwork : Math.min(perNetwork, modest)
    if (this.#taken >= places || held >= allowed) return false
    this.#held.set(network, held + 1)
    this.#taken += 1
    return true
  }

  give(network: string): void {
    const held = (this.#held.get(network) ?? 1) - 1
    if (held === 0) this.#held.delete(network)
    else this.#held.set(network, held)
    this.#taken -= 1
  }
}
