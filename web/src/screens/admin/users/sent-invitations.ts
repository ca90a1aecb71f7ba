/** What an administrator is told of the invitations that were just sent. */
import type { Role } from '@huisclos/tmms/contract/accounts'
import { wordSome } from '../../../account/some-of.ts'
import { m } from '../../../paraglide/messages.js'
import { wordRole } from './wording.ts'

export interface SentInvitation {
  readonly email: string
  /** The one that the account has: whoever was invited before keeps theirs. */
  readonly role: Role
  readonly again: boolean
}

/** One sentence for all of whom the same is true. */
export function wordInvited(sent: readonly SentInvitation[]): readonly string[] {
  const alike = new Map<string, SentInvitation[]>()
  for (const one of sent) {
    const key = `${one.again} ${one.role}`
    alike.set(key, [...(alike.get(key) ?? []), one])
  }
  return [...alike.values()].map((all) => {
    const email = wordSome(all.map((one) => one.email))
    const role = wordRole(all[0]?.role ?? 'user')
    return all[0]?.again ? m.invite_sent_again({ email, role }) : m.invite_sent({ email, role })
  })
}
