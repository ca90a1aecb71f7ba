/** What one connection or network may still ask for: refilled at a steady rate, and allowed to fall below nothing. */

export interface Allowance {
  readonly perSecond: number
  readonly burst: number
}

export class Budget {
  #allowance: Allowance
  #left: number
  #filledAtMs: number

  constructor(allowance: Allowance, nowMs: number) {
    this.#allowance = allowance
    this.#left = allowance.burst
    this.#filledAtMs = nowMs
  }

  /** What has come in was not asked for, so it is taken even when it is more than there is. */
  spend(cost: number, nowMs: number): void {
    this.#fill(nowMs)
    this.#left -= cost
  }

  covered(nowMs: number): boolean {
    this.#fill(nowMs)
    return this.#left > 0
  }

  full(nowMs: number): boolean {
    this.#fill(nowMs)
    return this.#left >= this.#allowance.burst
  }

  /** A new allowance, and all of its burst. */
  renew(allowance: Allowance, nowMs: number): void {
    this.#allowance = allowance
    this.#left = allowance.burst
    this.#filledAtMs = nowMs
  }

  #fill(nowMs: number): void {
    const { perSecond, burst } = this.#allowance
    // A clock set back must not take anything away.
    const elapsedS = Math.max(0, nowMs - this.#filledAtMs) / 1000
    this.#left = Math.min(burst, this.#left + elapsedS * perSecond)
    this.#filledAtMs = nowMs
  }
}
