/** What failed, and work that goes on after somebody whose session has ended signed in again. */
import { ApiFailure } from './api.ts'
import { FormFailures } from './form-failures.ts'

/** Lets somebody whose session has ended sign in again. Resolves to whether they did. */
export type SignInAgain = () => Promise<boolean>

/** Does the work; once more, when the session had ended and the person has signed in again. */
export async function goingOn(work: () => Promise<void>, again: SignInAgain | null): Promise<void> {
  try {
    await work()
  } catch (error) {
    const ended = allFailures(error).some(isEnded)
    if (!ended || again === null || !(await again())) throw error
    await work()
  }
}

/** The session is over, or by now somebody else's. */
export function isEnded({ code }: ApiFailure): boolean {
  return code === 'signed-out' || code === 'other-account'
}

export function allFailures(error: unknown): readonly ApiFailure[] {
  if (error instanceof FormFailures) return error.failures
  const failure = asFailure(error)
  return failure.problems.length > 0 ? failure.problems : [failure]
}

export function asFailure(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error
  // The password worker has codes of its own.
  const code = (error as { code?: unknown } | null)?.code
  if (code === 'E_KDF') return new ApiFailure('weak-parameters', { cause: error })
  if (code === 'E_LEN') return new ApiFailure('password-too-long', { field: 'password' })
  return new ApiFailure('internal', { cause: error })
}
