/** How long links in mails work, milliseconds. */
export const DAY_MS = 24 * 3_600_000
export const VALIDATE_LIFE_MS = 7 * DAY_MS
/** An invitation may be years ahead; its mail should not open an account for whoever finds it then. */
const VALIDATE_LONGEST_MS = 90 * DAY_MS
export const RESET_LIFE_MS = 30 * 60_000

/** When the validation link in an invitation ends: a day after the meeting, which may go on, between 7 and 90 days. */
export function invitationLinkEnd(nowMs: number, meetingEndsAt: number): number {
  const wanted = meetingEndsAt + DAY_MS
  return Math.min(Math.max(wanted, nowMs + VALIDATE_LIFE_MS), nowMs + VALIDATE_LONGEST_MS)
}
