/** Guesses at one account, one after another. */
import { tooManyTries } from '../limits/too-many-tries.ts'

/** Runs the work of one key one after another: somebody's tabs that sign in at once must not use their budget up. */
export class Turns {
  readonly #tails = new Map<string, { last: Promise<unknown>; waiting: number }>()
  readonly #maxWaiting: number

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting
  }

  /** @throws {TmmsError} `too-many-tries` when too many wait already; and whatever the work throws. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = this.#tails.get(key) ?? { last: Promise.resolve(), waiting: 0 }
    if (queue.waiting >= this.#maxWaiting) throw tooManyTries(1000)
    this.#tails.set(key, queue)
    queue.waiting += 1
    const turn = queue.last.then(work)
    queue.last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      queue.waiting -= 1
      if (queue.waiting === 0) this.#tails.delete(key)
    }
  }
}
