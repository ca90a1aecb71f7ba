/** Holds one transaction of a store, so that something can happen between the admission of a request and its writing. */
import type { Store } from '../src/store/store.ts'

export interface Held {
  /** Resolves when the transaction is about to begin. */
  readonly reached: Promise<null>
  /** Lets it begin. */
  release(): void
}

export class Gate {
  #next: { skip: number; reach: () => void; released: Promise<null> } | null = null
  /** Without the gate. */
  store!: Store

  /** Puts the gate before every transaction of the store. */
  around(store: Store): Store {
    this.store = store
    return {
      ...store,
      atomically: async (work) => {
        await this.#pass()
        return store.atomically(work)
      },
      hastily: async (work) => {
        await this.#pass()
        return store.hastily(work)
      },
    }
  }

  /** Of the transactions from now on, lets `skip` pass and holds the one behind them; those after it pass. */
  hold(skip = 0): Held {
    const reached = Promise.withResolvers<null>()
    const released = Promise.withResolvers<null>()
    const next = { skip, reach: () => reached.resolve(null), released: released.promise }
    this.#next = next
    const release = (): void => {
      if (this.#next === next) this.#next = null
      released.resolve(null)
    }
    return { reached: reached.promise, release }
  }

  async #pass(): Promise<void> {
    const next = this.#next
    if (next === null) return
    if (next.skip > 0) {
      next.skip -= 1
      return
    }
    this.#next = null
    next.reach()
    await next.released
  }
}
