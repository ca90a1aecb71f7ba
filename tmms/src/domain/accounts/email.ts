/** E-mail addresses in the one spelling by which accounts are found (accounts.md section 1). */
import { domainToASCII } from 'node:url'
import { TmmsError } from '../../errors.ts'

const MAX_CHARACTERS = 254
const MAX_LOCAL_CHARACTERS = 64
// No quoted local parts: nobody uses them, and spaces and quotes are what header injection is made of.
const LOCAL = /^[^\s@<>,;:"()[\]\\.\p{C}]+(?:\.[^\s@<>,;:"()[\]\\.\p{C}]+)*$/u
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9-]{2,63}$/

/**
 * Trimmed, NFC, lower case, domain in IDNA form.
 * @throws {TmmsError} `invalid-email`, naming `field`.
 */
export function normaliseEmail(text: string, field = 'email'): string {
  const address = text.trim().normalize('NFC').toLowerCase().normalize('NFC')
  const at = address.lastIndexOf('@')
  const local = address.slice(0, Math.max(at, 0))
  const domain = /[%/?#:]/.test(address.slice(at + 1)) ? '' : domainToASCII(address.slice(at + 1))
  const normalised = `${local}@${domain}`
  const valid =
    local.length <= MAX_LOCAL_CHARACTERS &&
    normalised.length <= MAX_CHARACTERS &&
    LOCAL.test(local) &&
    DOMAIN.test(domain)
  if (!valid) throw new TmmsError('invalid-email', 'This is no e-mail address.', { field })
  return normalised
}
