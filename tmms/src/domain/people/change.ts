/** Changing somebody's name, address, language and role. */
import type { Language, Role } from '../../contract/accounts.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import { normaliseEmail } from '../accounts/email.ts'
import { linkLifeMs } from '../accounts/link-life.ts'
import { issueLink } from '../accounts/link.ts'
import { cleanName } from '../accounts/names.ts'
import type { Actor } from '../audit/actor.ts'
import { requireInPerson } from '../audit/in-person.ts'
import { accountObject, record } from '../audit/record.ts'
import { revokeApiTokensOf } from '../api-tokens/api-token.ts'
import { checkAll } from '../check-all.ts'
import type { Context } from '../context.ts'
import { queueMail } from '../mail/queue.ts'
import { followAddress, leaveAddress } from '../mail/withdrawing.ts'
import { moveInMeetings } from '../meetings/moved-address.ts'
import { checkInvitable, invitableBy } from '../security/domains.ts'
import { changedMeanwhile, requireUnchanged } from '../versions.ts'
import { administer, mayLoseRights, type Change, type Target } from './administering.ts'

export interface PersonChange extends Target {
  /** As it was read. */
  readonly version: number
  readonly email?: string
  readonly firstName?: string
  readonly lastName?: string
  readonly language?: Language
  readonly role?: Role
}

type Values = Pick<AccountRecord, 'email' | 'firstName' | 'lastName' | 'language' | 'role'>

/**
 * A new address ends the sessions and the links in mails, and both addresses are told; the password stays, and the
 * calendars of meetings learn it. A new role
 * ends the tokens given out for meetings.
 * @throws {TmmsError} `not-found`, `changed-meanwhile`, `account-exists`, `invalid-email`, `outside-domains`, `invalid-name`,
 * `last-administrator`, `own-account`.
 */
export async function changePerson(
  context: Context,
  actor: Actor,
  asked: PersonChange,
): Promise<void> {
  await administer(context, actor, asked.id, async (change) => {
    const { rows, person, nowMs } = change
    const values = valuesFor(person, asked)
    const changed = Object.keys(values).filter((key) =>
      isChanged(key as keyof Values, person, values),
    )
    const versions = { is: person.version, basedOn: asked.version }
    await requireUnchanged(rows, { kind: 'account', id: person.id }, versions)
    if (changed.length === 0) return
    if (changed.includes('email')) {
      checkInvitable(await invitableBy(rows, actor.account), values.email)
      await checkFree(change, values.email)
    }
    if (changed.includes('role')) await changeRole(change, { actor, asked, role: values.role })
    if (!(await rows.accounts.change(person.id, values, asked.version))) throw changedMeanwhile()
    const rest = changed.filter((key) => key !== 'role')
    if (rest.length > 0) {
      await record(rows, actor, nowMs, {
        action: 'account-changed',
        object: accountObject(person),
        details: { changed: rest, ...(rest.includes('email') ? { address: values.email } : {}) },
      })
    }
    if (changed.includes('email')) await moveAddress(context, change, actor, values.email)
  })
}

function valuesFor(person: AccountRecord, asked: PersonChange): Values {
  const { language = person.language, role = person.role } = asked
  const name = (field: 'firstName' | 'lastName'): string => {
    const text = asked[field]
    if (text === undefined || text === person[field]) return person[field]
    // Somebody invited gives the own name when they come.
    return person.state === 'invited' && text.trim() === '' ? '' : cleanName(text, field)
  }
  const checked = checkAll({
    email: () => (asked.email === undefined ? person.email : normaliseEmail(asked.email)),
    firstName: () => name('firstName'),
    lastName: () => name('lastName'),
  })
  return { ...checked, language, role }
}

function isChanged(key: keyof Values, before: AccountRecord, values: Values): boolean {
  return before[key] !== values[key]
}

async function checkFree({ rows }: Change, email: string): Promise<void> {
  if ((await rows.accounts.byEmail(email)) === undefined) return
  throw new TmmsError('account-exists', 'This address has an account already.', { field: 'email' })
}

async function changeRole(
  change: Change,
  { actor, asked, role }: { readonly actor: Actor; readonly asked: Target; readonly role: Role },
): Promise<void> {
  const { rows, person, end, nowMs } = change
  if (role === 'administrator') requireInPerson(actor)
  if (person.role === 'administrator') {
    await mayLoseRights(change, actor, asked.own)
    await revokeApiTokensOf(rows, actor, nowMs, person)
  }
  await end({ sub: person.id, reason: 'rights-changed' })
  await record(rows, actor, nowMs, {
    action: 'account-role-changed',
    object: accountObject(person),
    details: { from: person.role, to: role },
  })
}

/** What was mailed to the former address opens nothing any more, nor does what was opened with it stay open. */
async function moveAddress(
  context: Context,
  { rows, end, person, nowMs }: Change,
  actor: Actor,
  email: string,
): Promise<void> {
  await rows.links.useAll(person.id, 'validate', nowMs)
  await rows.links.useAll(person.id, 'reset', nowMs)
  await rows.sessions.revokeAll(person.id)
  await end({ sub: person.id, reason: 'signed-out' })
  const { role, state } = person
  const to = { ...person, email }
  await moveInMeetings({ context, actor, rows, end }, { from: person, to })
  const left = await leaveAddress(rows, person.email, nowMs)
  if (state !== 'disabled') await followAddress(context, rows, { left, to })
  if (state === 'invited') {
    const link = await issueLink(context, rows, 'validate', { accountId: person.id })
    const lifeMs = await linkLifeMs(rows, 'validate')
    await queueMail(context, rows, to, { kind: 'welcome', role, link, lifeMs })
  }
  if (state !== 'active') return
  const mail = { kind: 'address-changed', former: person.email, address: email } as const
  for (const one of [person, to]) await queueMail(context, rows, one, mail)
}
