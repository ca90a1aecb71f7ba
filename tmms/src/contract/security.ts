/** Settings about sessions, passwords, links in mails, and who may be invited. */
import { z } from 'zod'
import { INVITING_DOMAINS_MAX, PASSWORD_WORDS_MAX } from './limits.ts'
import { text } from './route.ts'
import { SECURITY_NUMBERS, type SecurityNumber } from './security-numbers.ts'

function number(name: SecurityNumber) {
  const { min, max, preset } = SECURITY_NUMBERS[name]
  return z.int().min(min).max(max).default(preset)
}

const { min: idleMin, max: idleMax, preset: idlePreset } = SECURITY_NUMBERS.idleMinutes

/** A change holds for the sessions that there are, too: they get shorter, never longer. */
export const sessionSettings = z
  .strictObject({
    /** 0: no limit. */
    idleMinutes: z.union([z.literal(0), z.int().min(idleMin).max(idleMax)]).default(idlePreset),
    hours: number('hours'),
    rememberedDays: number('rememberedDays'),
  })
  .readonly()

/** For passwords chosen from then on. The browser alone sees them, so it is the browser that refuses. */
export const passwordSettings = z
  .strictObject({
    minCharacters: number('minCharacters'),
    /** What no password may contain: the organisation's name, its products, its street. */
    words: z.array(text).max(PASSWORD_WORDS_MAX).readonly().default([]),
  })
  .readonly()
export type PasswordRules = z.output<typeof passwordSettings>

/** For links mailed from then on. A set-up link works until there is an administrator. */
export const linkSettings = z
  .strictObject({
    activationDays: number('activationDays'),
    invitationDays: number('invitationDays'),
    resetMinutes: number('resetMinutes'),
  })
  .readonly()

export const domainSettings = z
  .strictObject({
    /** Domains of addresses that anybody may invite who may invite at all; `*.x.org`: those below x.org. Empty: every domain. */
    free: z.array(text).max(INVITING_DOMAINS_MAX).readonly().default([]),
    /** Who may invite addresses outside of them. Groups restrict it further (switch `outsiders`). */
    outside: z.enum(['nobody', 'administrators', 'organisers']).default('organisers'),
  })
  .readonly()
export type DomainSettings = z.output<typeof domainSettings>

/** The only domains that somebody may invite, as people read them, and why. */
export const invitable = z
  .strictObject({
    domains: z.array(z.string()).readonly(),
    why: z.enum(['nobody', 'administrators', 'group']),
  })
  .readonly()
export type Invitable = z.infer<typeof invitable>
