/** Token bucket: a steady rate with room for bursts. */

export interface Allowance {
  readonly perSecond: number
  readonly burst: number
}

export class TokenBucket {
  readonly #allowance: Allowance
  #tokens: number
  #filledAtMs: number

  constructor(allowance: Allowance, nowMs: number) {
    this.#allowance = allowance
    this.#tokens = allowance.burst
    this.#filledAtMs = nowMs
  }

  isFull(nowMs: number): boolean {
    this.#fill(nowMs)
    return this.#tokens >= this.#allowance.burst
  }

  /** False when the cost is not covered; nothing is taken then. */
  take(cost: number, nowMs: number): boolean {
    this.#fill(nowMs)
    if (this.#tokens < cost) return false
    this.#tokens -= cost
    return true
  }

  #fill(nowMs: number): void {
    const { perSecond, burst } = this.#allowance
    // A clock set back must not take tokens away.
    const elapsedS = Math.max(0, nowMs - this.#filledAtMs) / 1000
    this.#tokens = Math.min(burst, this.#tokens + elapsedS * perSecond)
    this.#filledAtMs = nowMs
  }
}
