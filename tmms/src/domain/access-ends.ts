/**
 * Ends of rights (docs/accounts.md, "Ends of rights"). What ended is written in the transaction that ended it, and told
 * to the TCS when that is certain: a restart in between loses nothing.
 */
import { TOKEN_TTL_S } from '../contract/limits.ts'
import type { AccountId, MeetingId } from '../contract/ids.ts'
import type { AccessEnd, AccessEndReason } from '../contract/access.ts'
import type { AccessEndRecord } from '../store/access-ends.ts'
import type { Rows } from '../store/store.ts'
import type { Context } from './context.ts'

/** A minute more than a token lives, because the TCS grants clocks as much. */
const KEPT_MS = (TOKEN_TTL_S + 60) * 1000

/** Without `sub` everybody's, without `mid` for every meeting. */
export interface Ending {
  readonly sub?: AccountId
  readonly mid?: MeetingId
  readonly reason: AccessEndReason
}

/** Runs `work` as one transaction; every right that it ends by calling `end` is over when this resolves. */
export async function endingAccess<T>(
  { store, now, onAccessEnded }: Context,
  work: (rows: Rows, end: (ending: Ending) => Promise<void>) => Promise<T>,
): Promise<T> {
  const ended: AccessEnd[] = []
  const result = await store.atomically((rows) =>
    work(rows, async (ending) => {
      // The time is taken in here: no token of a later time can have been given out by the right that ends.
      const nowMs = now()
      await rows.accessEnds.purge(nowMs - KEPT_MS)
      // Whatever the clock says, it comes after the ends of before, and after the tokens that came after those.
      const lastMs = await rows.accessEnds.latest(ending)
      const end = { ...ending, atMs: lastMs === null ? nowMs : Math.max(nowMs, lastMs + 1) }
      const { sub: accountId = null, mid: meetingId = null, atMs, reason } = end
      await rows.accessEnds.add({ accountId, meetingId, atMs, reason })
      ended.push(end)
    }),
  )
  for (const end of ended) onAccessEnded(end)
  return result
}

/** Those that tokens of before may outlive: for a TCS that has just started. */
export async function recentAccessEnds({ store, now }: Context): Promise<readonly AccessEnd[]> {
  return (await store.accessEnds.since(now() - KEPT_MS)).map(toldAs)
}

function toldAs({ accountId, meetingId, atMs, reason }: AccessEndRecord): AccessEnd {
  return {
    ...(accountId === null ? {} : { sub: accountId }),
    ...(meetingId === null ? {} : { mid: meetingId }),
    atMs,
    reason,
  }
}

/** When a token is given out. */
export interface IssueTime {
  readonly iat: number
  /** Milliseconds: it comes after what ended up to here, although its seconds, or a clock that was set back, do not say so. */
  readonly aft?: number
}

/** Always after what ended, so that whoever has the right again is let in at once. */
export async function issueTime(
  rows: Rows,
  holder: { readonly sub: AccountId; readonly mid: MeetingId },
  nowMs: number,
): Promise<IssueTime> {
  const iat = Math.floor(nowMs / 1000)
  const endedMs = await rows.accessEnds.latest(holder)
  return endedMs === null || endedMs < iat * 1000 ? { iat } : { iat, aft: endedMs + 1 }
}
