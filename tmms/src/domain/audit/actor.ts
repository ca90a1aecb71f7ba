/** On whose behalf the rules act. */
import type { AuditActor } from '../../contract/audit.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import { showEmail } from '../accounts/email.ts'

export interface Actor {
  /** Null: nobody is signed in, or the server acts by itself. */
  readonly account: AccountRecord | null
  /** Network address of the request; empty for what the server does by itself. */
  readonly from: string
}

/** Somebody signed in. */
export interface Person extends Actor {
  readonly account: AccountRecord
}

export function auditActorOf({ account, from }: Actor): AuditActor {
  if (account !== null) return { kind: 'account', id: account.id, name: showEmail(account.email) }
  return { kind: from === '' ? 'server' : 'nobody', id: '', name: '' }
}
