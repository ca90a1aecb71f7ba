/** What a meeting token says of whoever has it. */
import { TOKEN_TTL_S } from '../../contract/limits.ts'
import type { JoinClaims } from '../../contract/tokens.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import type { IssueTime } from '../access-ends.ts'
import { displayName } from '../accounts/names.ts'
import { makeId } from '../secret.ts'
import { mustEndAt } from './meeting-time.ts'

/** What the administrator decides for every meeting; clients learn it from their token alone. */
export interface E2eePolicy {
  readonly suite: 1 | 2
  /** Senders sign what they send. */
  readonly vouching: boolean
}

export function claimsFor(
  account: AccountRecord,
  meeting: MeetingRecord,
  session: {
    jkt: string
    msid: string
    issuer: string
    issued: IssueTime
    policy: E2eePolicy & Pick<JoinClaims, 'pol'>
  },
): JoinClaims {
  const { iat } = session.issued
  return {
    iss: session.issuer,
    aud: ['tcs', 'e2ee'],
    sub: account.id,
    name: displayName(account),
    mid: meeting.id,
    msid: session.msid,
    role: meeting.organiserId === account.id ? 'moderator' : 'participant',
    prm: ['audio', 'video', 'share'],
    jti: makeId(),
    ...session.issued,
    nbf: iat,
    // After the maximum duration nobody is given new keys, whatever the TCS does.
    exp: Math.min(iat + TOKEN_TTL_S, Math.floor(mustEndAt(meeting) / 1000)),
    cnf: { jkt: session.jkt },
    e2ee: {
      suites: [session.policy.suite],
      psk: meeting.ownLink === 1,
      vouch: session.policy.vouching,
    },
    pol: session.policy.pol,
  }
}
