/** The one error class of a call: everything that can go wrong has a code, and `table.ts` says what it means. */
import type { CallCode } from './codes.ts'

export class CallError extends Error {
  override readonly name = 'CallError'
  readonly code: CallCode

  constructor(code: CallCode, options?: ErrorOptions) {
    super(code, options)
    this.code = code
  }
}

/** The code of whatever was thrown: by us, by the worker, or by the TMMS. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return 'unknown'
  return typeof error.code === 'string' ? error.code : 'unknown'
}
