/** Suspending, resuming, signing out. Doing it twice does no harm. */
import type { AccountId } from '../../contract/ids.ts'
import { revokeApiTokensOf } from '../api-tokens/api-token.ts'
import type { Actor } from '../audit/actor.ts'
import { accountObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { withdrawLinks } from '../mail/withdrawing.ts'
import { administer, mayLoseRights, type Target } from './administering.ts'

/**
 * Ends every access at once; nobody signs in until the account is resumed.
 * @throws {TmmsError} `not-found`, `last-administrator`, `own-account`.
 */
export async function suspendPerson(context: Context, actor: Actor, target: Target): Promise<void> {
  await administer(context, actor, target.id, async (change) => {
    const { rows, end, person, nowMs } = change
    if (person.state === 'disabled') return
    await mayLoseRights(change, actor, target.own)
    await rows.accounts.change(person.id, { state: 'disabled' })
    await rows.links.useAll(person.id, 'validate', nowMs)
    await rows.links.useAll(person.id, 'reset', nowMs)
    await withdrawLinks(rows, person, nowMs)
    await rows.sessions.revokeAll(person.id)
    await revokeApiTokensOf(rows, actor, nowMs, person)
    await end({ sub: person.id, reason: 'suspended' })
    const object = accountObject(person)
    await record(rows, actor, nowMs, { action: 'account-suspended', object })
  })
}

/** Whoever never chose a password is invited again, and needs a new mail. @throws {TmmsError} `not-found`. */
export async function resumePerson(context: Context, actor: Actor, id: AccountId): Promise<void> {
  await administer(context, actor, id, async ({ rows, person, nowMs }) => {
    if (person.state !== 'disabled') return
    const known = (await rows.accounts.credentialOf(id)) !== undefined
    await rows.accounts.change(id, { state: known ? 'active' : 'invited' })
    const object = accountObject(person)
    await record(rows, actor, nowMs, { action: 'account-resumed', object })
  })
}

/** Ends every session of the person, and what was opened with them. @throws {TmmsError} `not-found`. */
export async function signOutPerson(context: Context, actor: Actor, id: AccountId): Promise<void> {
  await administer(context, actor, id, async ({ rows, end, person, nowMs }) => {
    await rows.sessions.revokeAll(id)
    await end({ sub: id, reason: 'signed-out' })
    const object = accountObject(person)
    await record(rows, actor, nowMs, { action: 'account-signed-out', object })
  })
}
