/** The one error class of the TCS: a code for the client, a detail for the log. */
import type { TcsCode } from './protocol.ts'

export class TcsError extends Error {
  override readonly name = 'TcsError'
  readonly code: TcsCode

  /** `detail` goes to the log only; it must name no token, key or payload. */
  constructor(code: TcsCode, detail?: string, options?: ErrorOptions) {
    super(detail ?? code, options)
    this.code = code
  }
}
