/** How long links in mails work, milliseconds. */
import type { Settings } from '../../contract/settings.ts'
import { TmmsError } from '../../errors.ts'
import type { Rows } from '../../store/store.ts'
import type { LinkPurpose } from '../../store/account-tables.ts'
import { readSettings } from '../settings/read.ts'

export const DAY_MS = 24 * 3_600_000
const MINUTE_MS = 60_000

type LinkSettings = Settings['links']

/** Of a link that is mailed now. */
export async function linkLifeMs(
  rows: Pick<Rows, 'settings'>,
  purpose: Exclude<LinkPurpose, 'setup'>,
): Promise<number> {
  const { activationDays, resetMinutes } = await readSettings(rows, 'links')
  return purpose === 'reset' ? resetMinutes * MINUTE_MS : activationDays * DAY_MS
}

/**
 * When the activation link in an invitation ends: a day after the meeting, which may go on, within what is set. It may be
 * years ahead; its mail should not open an account for whoever finds it then.
 */
export function invitationLinkEnd(
  { activationDays, invitationDays }: LinkSettings,
  nowMs: number,
  meetingEndsAt: number,
): number {
  const wanted = Math.max(meetingEndsAt + DAY_MS, nowMs + activationDays * DAY_MS)
  return Math.min(wanted, nowMs + invitationDays * DAY_MS)
}

/** @throws {TmmsError} `bad-request` when the longest life would be the shorter one. */
export function checkLinkSettings(value: LinkSettings): LinkSettings {
  if (value.invitationDays >= value.activationDays) return value
  throw new TmmsError('bad-request', 'A link in an invitation lives no shorter than another.', {
    field: 'invitationDays',
  })
}
