/** One form being sent: busy or not, everything that was refused, never twice at once. */
import type { ApiFailure } from './api.ts'
import { allFailures, goingOn, type SignInAgain } from './going-on.ts'
import { wordFailure, wordFailures } from './wording.ts'

/** More sentences than this beside one field are not read. */
const MAX_SENTENCES = 10

export class Submission {
  readonly #again: SignInAgain | null
  #busy = $state.raw(false)
  #failures: readonly ApiFailure[] = $state.raw([])
  /** Grows with every failed attempt, so that a form moves the focus again when the same failure comes back. */
  #attempts = $state.raw(0)
  #successes = $state.raw(0)

  /** @param again for forms of people who are signed in: when that has ended, they sign in again and the work goes on. */
  constructor(again: SignInAgain | null = null) {
    this.#again = again
  }

  get busy(): boolean {
    return this.#busy
  }

  get failure(): ApiFailure | null {
    return this.#failures[0] ?? null
  }

  /** Somebody else saved meanwhile: what they made of it is to be compared with. */
  get outrun(): boolean {
    return this.failure?.code === 'changed-meanwhile'
  }

  get attempts(): number {
    return this.#attempts
  }

  /** Grows each time that what was typed is kept. */
  get successes(): number {
    return this.#successes
  }

  /** The sentences to show beside this field, one a line, if it is wrong. */
  wrong(field: string): string | null {
    const sentences = wordFailures(this.#failures.filter((failure) => isAt(failure, field)))
    return sentences.length === 0 ? null : sentences.slice(0, MAX_SENTENCES).join('\n')
  }

  /** The sentence for the whole form: what is wrong with none of `fields`. */
  general(fields: readonly string[] = []): string | null {
    const failure = this.#failures.find((one) => !fields.some((field) => isAt(one, field)))
    return failure === undefined ? null : wordFailure(failure)
  }

  /** @returns whether the work went through; a second call while one is under way does nothing. */
  async run(work: () => Promise<void>): Promise<boolean> {
    if (this.#busy) return false
    this.#busy = true
    try {
      await goingOn(work, this.#again)
      this.#failures = []
      this.#successes += 1
      return true
    } catch (error) {
      this.#failures = allFailures(error)
      this.#attempts += 1
      return false
    } finally {
      this.#busy = false
    }
  }
}

function isAt({ field: at }: ApiFailure, field: string): boolean {
  return at !== null && (at === field || at.startsWith(`${field}.`))
}
