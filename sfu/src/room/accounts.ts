/** What the connections of one account share: however many ids somebody makes up, the limits are those of one person. */
import { TokenBucket } from '../bucket.ts'
import type { Limits } from '../limits.ts'

export class Account {
  readonly #limits: Limits
  readonly #delivered: TokenBucket
  readonly #waitingTransports: TokenBucket
  #connections = 0

  constructor(limits: Limits, nowMs: number) {
    this.#limits = limits
    this.#delivered = new TokenBucket(limits.deliveredBytes, nowMs)
    this.#waitingTransports = new TokenBucket(limits.waitingTransports, nowMs)
  }

  /** False when the account has as many connections as it may; otherwise counted until `disconnect`. */
  connect(): boolean {
    if (this.#connections >= this.#limits.accountConnections) return false
    this.#connections += 1
    return true
  }

  disconnect(): void {
    this.#connections -= 1
  }

  /** False when this account has sent more bytes than is reasonable. */
  maySend(bytes: number, nowMs: number): boolean {
    return this.#delivered.take(bytes, nowMs)
  }

  /** False when this account has made more transports before joining than is reasonable. */
  mayPrepare(nowMs: number): boolean {
    return this.#waitingTransports.take(1, nowMs)
  }

  /** Whether a new account would be the same: a reconnection must not refill what was spent. */
  isIdle(nowMs: number): boolean {
    const buckets = [this.#delivered, this.#waitingTransports]
    return this.#connections === 0 && buckets.every((bucket) => bucket.isFull(nowMs))
  }
}

export class Accounts {
  readonly #accounts = new Map<string, Account>()
  readonly #limits: Limits
  readonly #now: () => number

  constructor(limits: Limits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  of(sub: string): Account {
    const known = this.#accounts.get(sub)
    if (known !== undefined) return known
    const account = new Account(this.#limits, this.#now())
    this.#accounts.set(sub, account)
    return account
  }

  /** Forgets those of whom nothing need be known any more. */
  expire(): void {
    for (const [sub, account] of this.#accounts) {
      if (account.isIdle(this.#now())) this.#accounts.delete(sub)
    }
  }
}
