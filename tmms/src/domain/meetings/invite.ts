/** Inviting addresses to a meeting: accounts for the new ones, and a mail for each. */
import type { MeetingId } from '../../contract/ids.ts'
import { INVITED_MAX } from '../../contract/limits.ts'
import type { AddresseeText } from '../../contract/meetings.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord, NewAccount } from '../../store/accounts.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import type { Rows } from '../../store/store.ts'
import { checkEach } from '../check-all.ts'
import { addInvited } from '../accounts/account.ts'
import type { Person } from '../audit/actor.ts'
import { accountObject, meetingObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { normaliseEmail } from '../accounts/email.ts'
import { proposedName } from '../accounts/names.ts'
import { invitationLinkEnd } from '../accounts/link-life.ts'
import { issueLink } from '../accounts/link.ts'
import type { MeetingNotice } from '../mail/mail.ts'
import { queueMail } from '../mail/queue.ts'
import { readSettings } from '../settings/read.ts'
import { endsAt, type Planned } from './meeting-time.ts'
import { noticeOf } from './present.ts'

/** An address to invite, with the name that the organiser gave. */
export interface Addressee {
  readonly email: string
  readonly firstName: string
  readonly lastName: string
}

export interface Invited {
  readonly account: NewAccount
  /** For somebody who has yet to validate the account. */
  readonly validateLink: string | null
  /** When that link ends. */
  readonly validateUntil: number
  readonly givenName: string
}

/**
 * Each address once, without the organiser's own.
 * @param allow throws when an address may not be invited.
 * @throws {TmmsError} `invalid-email` with field `invited.<index>`, or what `allow` throws, one problem for each.
 */
export function normaliseAll(
  addresses: readonly AddresseeText[],
  organiser: AccountRecord,
  allow: (email: string, field: string) => void,
): readonly Addressee[] {
  const all = checkEach(addresses, (text, index) => {
    const given = typeof text === 'string' ? { email: text } : text
    const { firstName, lastName } = given
    const field = `invited.${index}`
    const email = normaliseEmail(given.email, field)
    if (email !== organiser.email) allow(email, field)
    return {
      email,
      firstName: proposedName(firstName),
      lastName: proposedName(lastName),
    }
  })
  const each = new Map(all.toReversed().map((one) => [one.email, one]))
  each.delete(organiser.email)
  return [...each.values()].toReversed()
}

/** Writes the invitations, and accounts for people who have none. */
export async function inviteAll(
  context: Context,
  rows: Rows,
  invitation: {
    readonly actor: Person
    readonly meeting: { readonly id: MeetingId } & Pick<Planned, 'startsAt' | 'durationMin'>
    readonly addressees: readonly Addressee[]
  },
): Promise<readonly Invited[]> {
  const { actor, addressees } = invitation
  // Of people not known yet: the organiser's is the best guess.
  const { language } = actor.account
  const meetingId = invitation.meeting.id
  const createdAt = context.now()
  const emails = addressees.map(({ email }) => email)
  const known = new Map((await rows.accounts.byEmails(emails)).map((one) => [one.email, one]))
  const lives = await readSettings(rows, 'links')
  const validateUntil = invitationLinkEnd(lives, createdAt, endsAt(invitation.meeting))
  const invited: Invited[] = []
  for (const addressee of addressees) {
    const account =
      known.get(addressee.email) ??
      (await addUser(rows, actor, { ...addressee, role: 'user', language, createdAt }))
    const target = { accountId: account.id, meetingId, expiresAt: validateUntil }
    const validateLink =
      account.state === 'invited' ? await issueLink(context, rows, 'validate', target) : null
    const givenName = `${addressee.firstName} ${addressee.lastName}`.trim()
    invited.push({ account, validateLink, validateUntil, givenName })
  }
  await rows.meetings.invite(
    invited.map(({ account, givenName }) => ({
      meetingId,
      accountId: account.id,
      invitedAt: createdAt,
      excludedAt: null,
      givenName,
    })),
  )
  if (invited.length > 0) {
    await record(rows, actor, createdAt, {
      action: 'meeting-invited',
      object: meetingObject(meetingId),
      details: { accounts: invited.map(({ account }) => account.id) },
    })
  }
  return invited
}

async function addUser(
  rows: Rows,
  actor: Person,
  person: Parameters<typeof addInvited>[1],
): Promise<NewAccount> {
  const account = await addInvited(rows, person)
  const object = accountObject(account)
  const details = { role: person.role }
  await record(rows, actor, person.createdAt, { action: 'account-created', object, details })
  return account
}

export async function mailInvitations(
  context: Context,
  rows: Rows,
  meeting: MeetingNotice,
  invited: readonly Invited[],
): Promise<void> {
  for (const { account, validateLink, validateUntil } of invited) {
    if (account.state === 'disabled') continue
    const mail = { kind: 'invitation', meeting, validateLink, validateUntil } as const
    await queueMail(context, rows, account, mail)
  }
}

/** Somebody invited already whose address is another now; the links at the former one have ended. */
export async function inviteAtNewAddress(
  context: Context,
  rows: Rows,
  { meeting, account }: { readonly meeting: MeetingRecord; readonly account: AccountRecord },
): Promise<void> {
  const lives = await readSettings(rows, 'links')
  const validateUntil = invitationLinkEnd(lives, context.now(), endsAt(meeting))
  const target = { accountId: account.id, meetingId: meeting.id, expiresAt: validateUntil }
  const validateLink =
    account.state === 'invited' ? await issueLink(context, rows, 'validate', target) : null
  const invited = { account, validateLink, validateUntil, givenName: '' }
  await mailInvitations(context, rows, noticeOf(context, meeting), [invited])
}

/** @throws {TmmsError} `too-many-invited`. */
export function checkCount(count: number): void {
  if (count <= INVITED_MAX) return
  throw new TmmsError('too-many-invited', `At most ${INVITED_MAX} people can be invited.`, {
    field: 'invited',
  })
}
