/** Things that arrive one after another, awaited one after another. */
export class Mailbox<T> {
  readonly #arrived: T[] = []
  readonly #waiting: ((value: T) => void)[] = []

  put(value: T): void {
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#arrived.push(value)
    else waiting(value)
  }

  next(): Promise<T> {
    const value = this.#arrived.shift()
    if (value !== undefined) return Promise.resolve(value)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** What arrived and was not taken. */
  get size(): number {
    return this.#arrived.length
  }
}
