/** Something asked from the server, shown by a screen, and asked again when that failed. */
import type { ApiFailure } from './api.ts'
import { asFailure, isEnded } from './going-on.ts'

export class Loaded<T> {
  #value: T | null = $state.raw(null)
  #failure: ApiFailure | null = $state.raw(null)
  readonly #ask: () => Promise<T>
  readonly #onsignedout: () => void

  constructor(ask: () => Promise<T>, onsignedout: () => void) {
    this.#ask = ask
    this.#onsignedout = onsignedout
    void this.load()
  }

  get value(): T | null {
    return this.#value
  }

  get failure(): ApiFailure | null {
    return this.#failure
  }

  async load(): Promise<void> {
    this.#failure = null
    try {
      this.#value = await this.#ask()
    } catch (error) {
      const failure = asFailure(error)
      if (isEnded(failure)) this.#onsignedout()
      else this.#failure = failure
    }
  }

  replace(value: T): void {
    this.#value = value
  }
}
