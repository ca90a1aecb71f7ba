/** Words for what people are and what is done to them. */
import type { Role } from '@huisclos/tmms/contract/accounts'
import { m } from '../../../paraglide/messages.js'

const ROLES: Readonly<Record<Role, () => string>> = {
  user: m.role_user,
  organiser: m.role_organiser,
  administrator: m.role_administrator,
}

export function wordRole(role: Role): string {
  return ROLES[role]()
}

/** The roles to choose from, the least of rights first. */
export function roleOptions(): readonly { value: Role; label: string }[] {
  return (['user', 'organiser', 'administrator'] as const).map((value) => ({
    value,
    label: wordRole(value),
  }))
}
