/**
 * Budgets against guessing (docs/accounts.md, "Guessing"). They are in the database, so that neither a restart nor a second
 * process gives anybody a fresh one. Who takes, takes first, and gives back when nothing was wrong.
 */
import limiters, { type RateLimiterRes } from 'rate-limiter-flexible'
import { TmmsError } from '../../errors.ts'
import type { Rows, Store } from '../../store/store.ts'
import type { BudgetName } from './names.ts'
import { StoredLimiter, type Rule } from './stored-limiter.ts'
import { tooManyTries } from './too-many-tries.ts'

/** One of a budget, and whose. */
export interface Share {
  readonly budget: Budget
  readonly of: string
}

export class Budget {
  readonly #limiter: StoredLimiter

  constructor(name: BudgetName, rule: Rule, now: () => number) {
    this.#limiter = new StoredLimiter(name, rule, now)
  }

  /** @throws {TmmsError} `too-many-tries`; then nothing was taken. */
  async take(rows: Rows, key: string): Promise<void> {
    try {
      await this.#limiter.consume(key, 1, { rows })
    } catch (reason) {
      if (!isRefusal(reason)) throw reason
      throw tooManyTries(reason.msBeforeNext)
    }
  }

  /** False when there is none. */
  async takeIfAny(rows: Rows, key: string): Promise<boolean> {
    try {
      await this.take(rows, key)
      return true
    } catch (error) {
      if (error instanceof TmmsError && error.code === 'too-many-tries') return false
      throw error
    }
  }

  async giveBack(rows: Rows, key: string): Promise<void> {
    await this.#limiter.reward(key, 1, { rows })
  }

  /** @throws {TmmsError} `too-many-tries` when it refused a moment ago; the database is not asked. */
  check(key: string): void {
    const waitMs = this.#limiter.getInMemoryBlockMsBeforeExpire(this.#limiter.getKey(key))
    if (waitMs > 0) throw tooManyTries(waitMs)
  }
}

/** Takes one of each, or of none. @throws {TmmsError} `too-many-tries`, and `unavailable` when it cannot be counted. */
export async function takeEach(store: Store, shares: readonly Share[]): Promise<void> {
  for (const { budget, of } of shares) budget.check(of)
  await store.hastily(async (rows) => {
    for (const { budget, of } of shares) await budget.take(rows, of)
  })
}

export async function giveBackEach(store: Store, shares: readonly Share[]): Promise<void> {
  await store.hastily(async (rows) => {
    for (const { budget, of } of shares) await budget.giveBack(rows, of)
  })
}

function isRefusal(reason: unknown): reason is RateLimiterRes {
  return reason instanceof limiters.RateLimiterRes
}
