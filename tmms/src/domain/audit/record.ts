/** Writes down what is done, in the transaction that does it: both stand or neither. */
import type { AuditAction, AuditDetails, AuditObject } from '../../contract/audit.ts'
import type { AccountRecord } from '../../store/accounts.ts'
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

export function accountObject({ id, email }: Pick<AccountRecord, 'id' | 'email'>): AuditObject {
  return { kind: 'account', id, name: showEmail(email) }
}
