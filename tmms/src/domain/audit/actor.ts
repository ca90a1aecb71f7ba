/** On whose behalf the rules act. */
import type { AuditActor } from '../../contract/audit.ts'
import type { ApiTokenId } from '../../contract/ids.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import { showEmail } from '../accounts/email.ts'

export interface Actor {
  /** Null: nobody is signed in, or the server acts by itself. */
  readonly account: AccountRecord | null
  /** By which API token the account acts; absent: in person. */
  readonly token?: { readonly id: ApiTokenId; readonly name: string }
  /** Network address of the request; empty for what the server does by itself. */
  readonly from: string
}

/** Somebody signed in. */
export interface Person extends Actor {
  readonly account: AccountRecord
}

export function auditActorOf({ account, from, token }: Actor): AuditActor {
  if (account !== null) {
    const { id } = account
    const email = showEmail(account.email)
    if (token === undefined) return { kind: 'account', id, name: email }
    return { kind: 'api-token', id, name: `${email} (${token.name})` }
  }
  return { kind: from === '' ? 'server' : 'nobody', id: '', name: '' }
}
