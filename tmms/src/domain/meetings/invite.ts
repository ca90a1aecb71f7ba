/** Inviting addresses to a meeting: accounts for the new ones, and a mail for each. */
import type { Language } from '../../contract/accounts.ts'
import type { MeetingId } from '../../contract/ids.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { Rows } from '../../store/store.ts'
import { addInvited } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { normaliseEmail } from '../accounts/email.ts'
import { issueLink } from '../accounts/link.ts'
import type { MeetingNotice } from '../mailer.ts'

export interface Invited {
  readonly account: AccountRecord
  /** For somebody who has yet to validate the account. */
  readonly validateLink: string | null
}

/**
 * Each address once, without the organiser's own.
 * @throws {TmmsError} `invalid-email` with field `invited.<index>`.
 */
export function normaliseAll(
  addresses: readonly string[],
  organiser: AccountRecord,
): readonly string[] {
  const emails = addresses.map((text, index) => normaliseEmail(text, `invited.${index}`))
  return [...new Set(emails)].filter((email) => email !== organiser.email)
}

/** Writes the invitations, and accounts for people who have none. */
export async function inviteAll(
  context: Context,
  rows: Rows,
  invitation: {
    readonly meeting: { readonly id: MeetingId }
    readonly emails: readonly string[]
    /** Of people not known yet: the organiser's is the best guess. */
    readonly language: Language
  },
): Promise<readonly Invited[]> {
  const { emails, language } = invitation
  const meetingId = invitation.meeting.id
  const createdAt = context.now()
  const known = new Map((await rows.accounts.byEmails(emails)).map((one) => [one.email, one]))
  const invited: Invited[] = []
  for (const email of emails) {
    const account =
      known.get(email) ?? (await addInvited(rows, { email, role: 'user', language, createdAt }))
    const target = { accountId: account.id, meetingId }
    const validateLink =
      account.state === 'invited' ? await issueLink(context, rows, 'validate', target) : null
    invited.push({ account, validateLink })
  }
  await rows.meetings.invite(
    invited.map(({ account }) => ({
      meetingId,
      accountId: account.id,
      invitedAt: createdAt,
      excludedAt: null,
    })),
  )
  return invited
}

/** A mail that is lost does not undo the meeting: the log tells, and the organiser has the link. */
export async function mailInvitations(
  { mailer, onLostMail }: Context,
  meeting: MeetingNotice,
  invited: readonly Invited[],
): Promise<void> {
  for (const { account, validateLink } of invited) {
    if (account.state === 'disabled') continue
    await mailer
      .send(account, { kind: 'invitation', meeting, validateLink })
      .catch((error: unknown) => onLostMail('invitation', error))
  }
}
