/** Everything that is wrong with a form, found before anything is sent. */
import type { ApiFailure } from './api.ts'

export class FormFailures extends Error {
  override readonly name = 'FormFailures'
  readonly failures: readonly ApiFailure[]

  constructor(failures: readonly ApiFailure[]) {
    super(failures.map(({ code }) => code).join(', '))
    this.failures = failures
  }
}

/** @throws {FormFailures} unless every check found nothing. */
export function requireNone(checks: readonly (ApiFailure | null)[]): void {
  const failures = checks.filter((failure) => failure !== null)
  if (failures.length > 0) throw new FormFailures(failures)
}
