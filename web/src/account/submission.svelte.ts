/** One form being sent: busy or not, what was refused, never twice at once. */
import { ApiFailure } from './api.ts'
import { wordFailure } from './wording.ts'

export class Submission {
  #busy = $state.raw(false)
  #failure: ApiFailure | null = $state.raw(null)
  /** Grows with every failure, so that a form moves the focus again when the same one comes back. */
  #failures = $state.raw(0)

  get busy(): boolean {
    return this.#busy
  }

  get failure(): ApiFailure | null {
    return this.#failure
  }

  get failures(): number {
    return this.#failures
  }

  /** The sentence to show beside this field, if it is the one that is wrong. */
  wrong(field: string): string | null {
    const at = this.#failure?.field
    if (this.#failure === null || at == null) return null
    return at === field || at.startsWith(`${field}.`) ? wordFailure(this.#failure) : null
  }

  /** The sentence for the whole form: what is wrong with none of `fields`. */
  general(fields: readonly string[] = []): string | null {
    if (this.#failure === null || fields.some((field) => this.wrong(field) !== null)) return null
    return wordFailure(this.#failure)
  }

  /** What was wrong is being corrected: its sentence goes. */
  forgive(): void {
    this.#failure = null
  }

  /** @returns whether the work went through; a second call while one is under way does nothing. */
  async run(work: () => Promise<void>): Promise<boolean> {
    if (this.#busy) return false
    this.#busy = true
    try {
      await work()
      this.#failure = null
      return true
    } catch (error) {
      this.#failure = asFailure(error)
      this.#failures += 1
      return false
    } finally {
      this.#busy = false
    }
  }
}

export function asFailure(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error
  // The password worker has codes of its own.
  const code = (error as { code?: unknown } | null)?.code
  if (code === 'E_KDF') return new ApiFailure('weak-parameters', { cause: error })
  if (code === 'E_LEN') return new ApiFailure('password-too-long', { field: 'password' })
  return new ApiFailure('internal', { cause: error })
}
