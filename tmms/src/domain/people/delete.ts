/** Deleting an account, and what becomes of its meetings. */
import type { AccountId } from '../../contract/ids.ts'
import { TmmsError } from '../../errors.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import { displayName } from '../accounts/names.ts'
import { revokeApiTokensOf } from '../api-tokens/api-token.ts'
import type { Actor } from '../audit/actor.ts'
import { accountObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { MeetingNotice } from '../mail/mail.ts'
import { queueMail } from '../mail/queue.ts'
import { leaveAddress } from '../mail/withdrawing.ts'
import { cancelIn } from '../meetings/cancel.ts'
import { handOver, newOrganiser } from '../meetings/hand-over.ts'
import { endsOfOpenAfter } from '../meetings/meeting-time.ts'
import { noticeOf } from '../meetings/present.ts'
import { takeOffAll } from '../meetings/taking-off.ts'
import { administer, mayLoseRights, type Change, type Target } from './administering.ts'

export interface Deletion extends Target {
  readonly meetings: 'cancel' | 'hand-over'
  /** With `hand-over`: who organises them from now on. */
  readonly to?: AccountId
}

/**
 * Ends every access at once, and cancels or hands over the meetings that are not over; from the calendar of the person
 * those of others go. Of somebody who organised or took
 * part in a meeting the name is kept, so that these stay in the lists of the others.
 * @throws {TmmsError} `not-found`, `last-administrator`, `own-account`, `no-organiser`.
 */
export async function deletePerson(
  context: Context,
  actor: Actor,
  deletion: Deletion,
): Promise<void> {
  await administer(context, actor, deletion.id, async (change) => {
    const { rows, person } = change
    await mayLoseRights(change, actor, deletion.own)
    const planned = await rows.organisers.planned(person.id, endsOfOpenAfter(change.nowMs))
    const handing = deletion.meetings === 'hand-over'
    const step = { context, actor, change, planned }
    if (handing) await handOverAll(step, deletion.to)
    else await cancel(step)
    await remove(context, change, actor, { [handing ? 'handedOver' : 'cancelled']: planned.length })
  })
}

/** Deletes an account whose owner has not come yet. @throws {TmmsError} `not-found`, `wrong-state`. */
export async function withdrawInvitation(
  context: Context,
  actor: Actor,
  id: AccountId,
): Promise<void> {
  await administer(context, actor, id, async (change) => {
    if (change.person.state !== 'invited') {
      throw new TmmsError('wrong-state', 'This invitation was accepted or suspended already.')
    }
    await remove(context, change, actor, { invitation: true })
  })
}

async function remove(
  context: Context,
  { rows, end, person, nowMs }: Change,
  actor: Actor,
  details: Readonly<Record<string, number | boolean>>,
): Promise<void> {
  const { id } = person
  await takeOffAll({ context, actor, rows, end }, person)
  await leaveAddress(rows, person.email, nowMs)
  await revokeApiTokensOf(rows, actor, nowMs, person)
  if (await rows.organisers.isNamed(id)) await rows.accounts.reduceToName(id)
  else await rows.accounts.remove(id)
  await end({ sub: id, reason: 'suspended' })
  const object = accountObject(person)
  await record(rows, actor, nowMs, { action: 'account-deleted', object, details })
}

interface Step {
  readonly context: Context
  readonly actor: Actor
  readonly change: Change
  readonly planned: readonly MeetingRecord[]
}

async function cancel({ context, actor, change, planned }: Step): Promise<void> {
  for (const meeting of planned) await cancelIn({ context, actor, ...change }, meeting)
}

async function handOverAll(
  { context, actor, change, planned }: Step,
  id: AccountId | undefined,
): Promise<void> {
  const { rows, person } = change
  const to = await newOrganiser(rows, id, person.id)
  const meetings: MeetingNotice[] = []
  for (const meeting of planned) {
    const deed = { context, actor, ...change }
    meetings.push(noticeOf(context, await handOver(deed, { meeting, to, former: null })))
  }
  if (meetings.length === 0) return
  const mail = { kind: 'handed-over', former: displayName(person), meetings } as const
  await queueMail(context, rows, to, mail)
}
