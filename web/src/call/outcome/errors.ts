/** The one error class of a call: everything that can go wrong has a code, and the screens word the code. */
import type { E2eeCode } from '@huisclos/e2ee-worker/protocol'
import type { TcsCode } from '@huisclos/sfu/protocol'

export type CallCode =
  | TcsCode
  | E2eeCode
  /** This browser has no encoded transforms, so nothing could be encrypted in it. */
  | 'unsupported-browser'
  | 'timeout'
  | 'disconnected'
  /** An encryption transform could not be attached: nothing is sent. */
  | 'cannot-encrypt'
  /** More was sent than was sealed: sending was stopped. */
  | 'clear-media'
  | 'codec-missing'
  | 'unknown'

export class CallError extends Error {
  override readonly name = 'CallError'
  readonly code: CallCode

  constructor(code: CallCode, options?: ErrorOptions) {
    super(code, options)
    this.code = code
  }
}

/** The code of whatever was thrown: by us, by the worker, or by `fetchGrant` (whose codes are the TMMS's). */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return 'unknown'
  return typeof error.code === 'string' ? error.code : 'unknown'
}
