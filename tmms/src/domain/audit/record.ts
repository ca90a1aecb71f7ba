/** Writes down what is done, in the transaction that does it: both stand or neither. */
import type { AuditAction, AuditDetails, AuditObject } from '../../contract/audit.ts'
import type { MeetingId } from '../../contract/ids.ts'
import type { Rows } from '../../store/store.ts'
import { showEmail } from '../accounts/email.ts'
import { auditActorOf, type Actor } from './actor.ts'

export interface Deed {
  readonly action: AuditAction
  readonly object: AuditObject
  /** Without secrets or contents. */
  readonly details?: AuditDetails
}

/** @param nowMs milliseconds since the epoch */
export async function record(rows: Rows, actor: Actor, nowMs: number, deed: Deed): Promise<void> {
  await rows.audit.append({
    timeMs: nowMs,
    actor: auditActorOf(actor),
    action: deed.action,
    object: deed.object,
    from: actor.from,
    details: deed.details ?? {},
  })
}

/** Without its title: what is written here can never be taken out again. */
export function meetingObject(id: MeetingId): AuditObject {
  return { kind: 'meeting', id, name: '' }
}

/** The account of this address, or the address alone when it has none. */
export function addressObject(email: string): (rows: Rows) => Promise<AuditObject> {
  return async (rows) => accountObject((await rows.accounts.byEmail(email)) ?? { id: '', email })
}

export function accountObject({
  id,
  email,
}: {
  readonly id: string
  readonly email: string
}): AuditObject {
  return { kind: 'account', id, name: showEmail(email) }
}
