/** How long a link works, in words. Not a matter of wording: a sentence of somebody else may be wrong. */
import type { Language } from '../contract/accounts.ts'
import type { Mail } from '../domain/mail/mail.ts'

/** Of mails that were made before they told it. */
const WEEK_MS = 7 * 24 * 3_600_000
const HALF_AN_HOUR_MS = 30 * 60_000

const UNITS = [
  ['day', 24 * 3_600_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** The sentence behind the link of an account mail. */
export function accountLinkLife(
  language: Language,
  { kind, lifeMs }: Extract<Mail, { kind: 'welcome' | 'reset' }>,
): string {
  const life = writeLife(language, lifeMs ?? (kind === 'reset' ? HALF_AN_HOUR_MS : WEEK_MS))
  if (language === 'fr') {
    const once = `Le lien sert une seule fois, pendant ${life}.`
    return kind === 'reset' ? once : `${once} Ensuite, il propose d’en envoyer un nouveau.`
  }
  const once = `The link works once, for ${life}.`
  return kind === 'reset' ? once : `${once} After that, it offers to send a new one.`
}

/** Such as "7 days", in the largest unit that is exact. */
export function writeLife(language: Language, lifeMs: number): string {
  const [unit, ms] = UNITS.find(([, ms]) => lifeMs % ms === 0) ?? UNITS[2]
  const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' })
  return format.format(Math.round(lifeMs / ms))
}
