/** How many allocations a member, its account and its network hold. No name that the caller picks widens any of them. */
import { accountOf } from './credentials.ts'

export interface QuotaLimits {
  /** A browser makes about four for each transport. */
  readonly member: number
  /** All devices of one account in all its meetings. */
  readonly account: number
  readonly network: number
}

export class Quotas {
  readonly #limits: QuotaLimits
  readonly #counts = new Map<string, number>()

  constructor(limits: QuotaLimits) {
    this.#limits = limits
  }

  /** False when one of the three is used up; otherwise one is taken of each until `give`. */
  take(owner: string, network: string): boolean {
    const shares = this.#sharesOf(owner, network)
    if (shares.some(([key, most]) => (this.#counts.get(key) ?? 0) >= most)) return false
    for (const [key] of shares) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    return true
  }

  give(owner: string, network: string): void {
    for (const [key] of this.#sharesOf(owner, network)) {
      const left = (this.#counts.get(key) ?? 1) - 1
      if (left === 0) this.#counts.delete(key)
      else this.#counts.set(key, left)
    }
  }

  #sharesOf(owner: string, network: string): readonly (readonly [key: string, most: number])[] {
    const { member, account, network: most } = this.#limits
    return [
      [`member ${owner}`, member],
      [`account ${accountOf(owner)}`, account],
      [`network ${network}`, most],
    ]
  }
}
