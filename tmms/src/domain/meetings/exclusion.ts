/** Putting somebody out of a meeting, until invited again. */
import type { AccessEnd } from '../../contract/access.ts'
import type { AccountId, MeetingId } from '../../contract/ids.ts'
import { TOKEN_TTL_S } from '../../contract/limits.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { Context } from '../context.ts'
import { ownMeeting } from './meeting.ts'

/**
 * Whoever is out finds no such meeting any more, and gets no token for it. Repeating it does no harm.
 * @throws {TmmsError} `not-found` for everybody but the organiser; `bad-request` for oneself and for people who were
 * never invited.
 */
export async function excludeFromMeeting(
  context: Context,
  account: AccountRecord,
  { id, sub }: { readonly id: MeetingId; readonly sub: AccountId },
): Promise<void> {
  await ownMeeting(context, account, id)
  const atMs = context.now()
  if (sub === account.id || !(await context.store.meetings.exclude(id, sub, atMs))) {
    throw new TmmsError('bad-request', 'Only people who were invited can be excluded.', {
      field: 'sub',
    })
  }
  context.onAccessEnded({ mid: id, sub, atMs, reason: 'removed' })
}

/** Exclusions that a token may outlive: for a TCS that has just started. */
export async function recentExclusions({ store, now }: Context): Promise<readonly AccessEnd[]> {
  // A minute more, because the TCS grants clocks as much.
  const rows = await store.meetings.excludedSince(now() - (TOKEN_TTL_S + 60) * 1000)
  return rows.map(({ meetingId, accountId, excludedAt }) => ({
    mid: meetingId,
    sub: accountId,
    atMs: excludedAt,
    reason: 'removed',
  }))
}
