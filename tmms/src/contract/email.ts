/**
 * What an e-mail address looks like, for the page and for the server alike: dot-string and domain of RFC 5321 section
 * 4.1.2, in letters of every script (RFC 6531), and stricter than both where people never are.
 */
import { EMAIL_LOCAL_MAX_CHARACTERS, EMAIL_MAX_CHARACTERS } from './limits.ts'

// RFC 8264 section 4.2 and RFC 5892 section 2: letters, digits and marks; no sign, no bracket, no quote of any script.
const LETTER = '\\p{Ll}\\p{Lu}\\p{Lo}\\p{Lm}\\p{Nd}\u3007'
/** With what a word of some script has inside only (RFC 5892 appendix A.3 to A.7). */
const INSIDE = `${LETTER}\\p{Mn}\\p{Mc}\u0375\u05f3\u05f4\u0f0b\u30fb`
const CATALAN = '(?<=l)\u00b7(?=l)'
/** RFC 5322 section 3.2.3, without braces and the back-tick; the apostrophe stands inside only, as in O’Brien’s name. */
const SIGN = '!#$%&*+/=?^_|~\\-'
const ATOM = `[${LETTER}${SIGN}](?:(?:[${INSIDE}${SIGN}']|${CATALAN})*[${INSIDE}${SIGN}])?`
const LABEL = `[${LETTER}](?:(?:[${INSIDE}\\-]|${CATALAN}){0,61}[${INSIDE}])?`
const LOCAL = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, 'u')
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+(?!\\d+$)(?![a-z\\d]$)${LABEL}$`, 'u')
/** Never seen, so never meant; half and full width, which look like ASCII and are not. */
const NEVER = /[\p{C}\p{Default_Ignorable_Code_Point}\uff00-\uffef]/u

/** @param address normalised: NFC, lower case, with the domain as people read it. */
export function isMailAddress(address: string): boolean {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, Math.max(at, 0))
  return (
    address.length <= EMAIL_MAX_CHARACTERS &&
    local.length <= EMAIL_LOCAL_MAX_CHARACTERS &&
    !NEVER.test(address) &&
    LOCAL.test(local) &&
    DOMAIN.test(address.slice(at + 1))
  )
}
