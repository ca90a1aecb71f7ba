/** The one error of this package: a code of the contract, and what may be told with it. */
import type { Changed, ErrorCode } from './contract/errors.ts'
import type { Restriction } from './contract/switches.ts'

export interface ErrorDetail {
  /** Member of the body that is wrong, such as `title` or `invited.3`. */
  readonly field?: string
  readonly problems?: readonly Problem[]
  readonly retryAfterS?: number
  /** With `restricted`. */
  readonly restriction?: Restriction
  /** With `changed-meanwhile`. */
  readonly changed?: Changed
  readonly cause?: unknown
}

/** One thing that is wrong with a body. */
export interface Problem {
  readonly code: ErrorCode
  readonly field: string
  readonly restriction?: Restriction
}

export class TmmsError extends Error {
  override readonly name = 'TmmsError'
  readonly code: ErrorCode
  readonly field: string | undefined
  /** Empty unless more than one thing is wrong. */
  readonly problems: readonly Problem[]
  readonly retryAfterS: number | undefined
  readonly restriction: Restriction | undefined
  readonly changed: Changed | undefined

  /** @param message English, shown to the caller: no secrets, nothing about other people. */
  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, { cause: detail.cause })
    this.code = code
    this.field = detail.field
    this.problems = detail.problems ?? []
    this.retryAfterS = detail.retryAfterS
    this.restriction = detail.restriction
    this.changed = detail.changed
  }
}
