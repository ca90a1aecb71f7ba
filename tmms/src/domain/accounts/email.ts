/** E-mail addresses in the one spelling by which accounts are found (docs/accounts.md, "Who has an account"). */
import { domainToASCII, domainToUnicode } from 'node:url'
import { isMailAddress } from '../../contract/email.ts'
import { EMAIL_MAX_CHARACTERS } from '../../contract/limits.ts'
import { TmmsError } from '../../errors.ts'

// Line breaks, controls and invisible characters: reading a domain as part of a URL would drop them, and mend it.
const NEVER = /[\p{C}\p{Default_Ignorable_Code_Point}\\]/u
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9-]{2,63}$/

/**
 * Trimmed of blanks, NFC, lower case, domain in IDNA form. What no address holds is refused, never mended.
 * @throws {TmmsError} `invalid-email`, naming `field`.
 */
export function normaliseEmail(text: string, field = 'email'): string {
  const address = text.trim().normalize('NFC').toLowerCase().normalize('NFC')
  const at = address.lastIndexOf('@')
  const domain = /[%/?#:]/.test(address.slice(at + 1)) ? '' : domainToASCII(address.slice(at + 1))
  const normalised = `${address.slice(0, Math.max(at, 0))}@${domain}`
  const valid =
    !NEVER.test(text) &&
    normalised.length <= EMAIL_MAX_CHARACTERS &&
    DOMAIN.test(domain) &&
    // As it is read: IDNA lets a domain hold brackets and quotes of other scripts.
    isMailAddress(showEmail(normalised))
  if (!valid) throw new TmmsError('invalid-email', 'This is no e-mail address.', { field })
  return normalised
}

/** As people write it, with the domain in its own letters; empty for an account that was deleted. */
export function showEmail(email: string): string {
  if (email.startsWith('deleted:')) return ''
  const at = email.lastIndexOf('@')
  const domain = domainToUnicode(email.slice(at + 1))
  return domain === '' ? email : `${email.slice(0, at)}@${domain}`
}
