/** Which domains somebody may invite: those that are free for all, and others for whom the administrator lets. */
import { domainToASCII, domainToUnicode } from 'node:url'
import type { DomainSettings, Invitable } from '../../contract/security.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { Rows } from '../../store/store.ts'
import { normaliseEmail, showEmail } from '../accounts/email.ts'
import { checkEach } from '../check-all.ts'
import { valuesOf } from '../policy/people.ts'
import { readSettings } from '../settings/read.ts'

const BELOW = '*.'

/** Null when every address may be invited. */
export async function invitableBy(
  rows: Pick<Rows, 'settings' | 'groups'>,
  inviter: AccountRecord | null,
): Promise<Invitable | null> {
  const { free: domains, outside } = await readSettings(rows, 'domains')
  if (domains.length === 0 || inviter === null) return null
  if (outside === 'nobody') return { domains, why: 'nobody' }
  if (outside === 'administrators' && inviter.role !== 'administrator') {
    return { domains, why: 'administrators' }
  }
  const { outsiders } = await valuesOf(rows, inviter)
  return outsiders ? null : { domains, why: 'group' }
}

/**
 * @param email normalised.
 * @throws {TmmsError} `outside-domains` at `field`.
 */
export function checkInvitable(rule: Invitable | null, email: string, field = 'email'): void {
  if (rule === null || rule.domains.some((domain) => isOf(email, domain))) return
  const allowed = rule.domains.join(', ')
  throw new TmmsError('outside-domains', `${showEmail(email)} is not of ${allowed}.`, { field })
}

/** Subdomains are others, unless the domain is written `*.x.org`: then it is they alone. */
function isOf(email: string, domain: string): boolean {
  const own = email.slice(email.lastIndexOf('@') + 1)
  return domain.startsWith(BELOW)
    ? own.endsWith(`.${domainToASCII(domain.slice(BELOW.length))}`)
    : own === domainToASCII(domain)
}

/**
 * Each domain once, as people read it.
 * @throws {TmmsError} `invalid-domain` at `free.<index>`.
 */
export function checkDomainSettings(value: DomainSettings): DomainSettings {
  const free = checkEach(value.free, (text, index) => cleanDomain(text, `free.${index}`))
  return { ...value, free: [...new Set(free)] }
}

/** People may write it with the @. */
function cleanDomain(text: string, field: string): string {
  const written = text.trim().replace(/^@/, '')
  const below = written.startsWith(BELOW) ? BELOW : ''
  try {
    const email = normaliseEmail(`a@${written.slice(below.length)}`)
    return below + domainToUnicode(email.slice(2))
  } catch {
    throw new TmmsError('invalid-domain', `${written} is no domain of e-mail addresses.`, { field })
  }
}
