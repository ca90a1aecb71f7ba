/** Every code that something asked for can fail with, and where it comes from. */
import type { ErrorCode } from '@huisclos/tmms/contract/errors'

export type FailureCode =
  | ErrorCode
  /** No answer: the server cannot be reached. */
  | 'offline'
  /** Something between us and the server answered: a captive portal, a proxy. */
  | 'intercepted'
  /** Found in the client, before anything was sent. */
  | FormCode
type FormCode =
  | 'missing'
  /** Changed or moved since it was chosen. */
  | 'file-gone'
  | TableCode
  | 'no-such-hour'
  | 'no-addresses'
  /** `value` is the name of a switch or of a setting. */
  | 'not-in-range'
  /** `count` is how many there may be. */
  | 'too-many-lines'
  /** What may not be shorter than what stands above it. */
  | 'shorter'
  /** The profile of meetings without one is not offered. */
  | 'preset'
  | 'bracket-missing'
  | 'two-addresses'
  | 'address-slip'
  | 'password-too-short'
  | 'password-too-long'
  | 'password-common'
  | 'password-personal'
  /** `value` is the word of the administrator's list. */
  | 'password-word'
  | 'passwords-differ'

/** Of a file of people: `count` is the line, and with the last two how much there may be. */
type TableCode =
  | 'table-empty'
  | 'table-not-text'
  | 'table-no-header'
  | 'table-no-lines'
  | 'table-broken'
  | 'table-too-many-lines'
  | 'table-too-large'
