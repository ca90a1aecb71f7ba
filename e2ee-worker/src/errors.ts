/** The one error class of this package: a code from the protocol, never a message that could carry a secret. */
import type { E2eeCode } from './protocol.ts'

/** Thrown inside the worker; only its `code` ever crosses to the page. */
export class E2eeError extends Error {
  readonly code: E2eeCode

  constructor(code: E2eeCode, options?: ErrorOptions) {
    super(code, options)
    this.name = 'E2eeError'
    this.code = code
  }
}

/** The code of anything caught: what we did not throw ourselves is an internal fault. */
export function codeOf(error: unknown): E2eeCode {
  return error instanceof E2eeError ? error.code : 'E_INTERNAL'
}
