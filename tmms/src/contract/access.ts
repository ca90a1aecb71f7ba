/** The end of somebody's access, as the TMMS tells it to a TCS. */
import type { AccountId, MeetingId } from './ids.ts'

/** The TCS says it to whoever was connected, and to whoever comes with a token from before. */
export type AccessEndReason =
  /** A moderator put this person out. */
  | 'removed'
  /** Taken off the list of the invited. */
  | 'uninvited'
  /** Password reset, or signed out everywhere. */
  | 'signed-out'
  /** The account is suspended or deleted. */
  | 'suspended'
  /** Cancelled, or ended by whoever may. */
  | 'meeting-ended'
  /** Role, group or a single right changed: a new token says what still holds. */
  | 'rights-changed'

/**
 * Every token issued up to `atMs` is worth nothing any more, for this account, this meeting, or (with both) this account
 * in this meeting. One of the two must be there. A token is of the time of its `iat` or its `aft`, whichever is later.
 */
export interface AccessEnd {
  readonly sub?: AccountId
  readonly mid?: MeetingId
  /** Milliseconds since the epoch; later than any end before, whatever the clock says. */
  readonly atMs: number
  readonly reason: AccessEndReason
}
