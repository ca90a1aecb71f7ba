/** How long links in mails work, milliseconds. */
export const DAY_MS = 24 * 3_600_000
export const VALIDATE_LIFE_MS = 7 * DAY_MS
export const RESET_LIFE_MS = 30 * 60_000
