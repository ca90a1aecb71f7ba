/** The state of a conference server in words. */
import type { Language } from '@huisclos/tmms/contract/accounts'
import type { TcsState } from '@huisclos/tmms/contract/system'
import { wordDay } from '../../../account/dates.ts'
import { m } from '../../../paraglide/messages.js'

/** From then on the certificate is to be renewed, as the log of the server says, too. */
const RENEW_DAYS = 14

export function wordHealth({ running, wanted }: TcsState['workers']): string {
  if (running === 0) return m.admin_system_none()
  return running < wanted ? m.admin_system_fewer() : m.admin_system_well()
}

export function wordCertificate({ certificate }: TcsState, language: Language): string {
  const { endsAt, daysLeft } = certificate
  return m.admin_system_days({
    day: wordDay(new Date(endsAt), language),
    days: Math.max(0, daysLeft),
  })
}

/** What to do about the certificate; null while there is time. */
export function certificateProblem(
  { origin: server, certificate }: TcsState,
  language: Language,
): string | null {
  const { endsAt, daysLeft } = certificate
  if (daysLeft >= RENEW_DAYS) return null
  const day = wordDay(new Date(endsAt), language)
  return daysLeft < 0
    ? m.admin_system_ended({ server, day })
    : m.admin_system_renew({ server, day })
}
