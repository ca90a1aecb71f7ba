/** What a change of a policy, a group or a setting has changed, in words: which switch, from what to what. */
import type { AuditEntry, AuditObject } from '@huisclos/tmms/contract/audit'
import { SWITCHES, type SwitchName } from '@huisclos/tmms/contract/switches'
import { wordProfile, wordSwitch, wordValue } from '../../../account/policy.ts'
import { m } from '../../../paraglide/messages.js'
import { isKind } from '../letters/letter-draft.ts'
import { wordPlaceNamed } from '../letters/letter-words.ts'
import { KINDS } from '../mail/mail-words.ts'

type Words = () => string
type Value = AuditEntry['details'][string]
export interface Detail {
  readonly label: string
  readonly value: string
}

const FROM = '.from'

const AREAS: Readonly<Record<string, Words>> = {
  mail: m.admin_mail_server_title,
  sessions: m.admin_security_sessions,
  passwords: m.admin_security_passwords,
  links: m.admin_security_links,
  domains: m.admin_security_domains,
  branding: m.admin_branding,
  retention: m.admin_meetings_retention,
}

const MEMBERS: Readonly<Record<string, Words>> = {
  ...{ offered: m.policy_offered, preset: m.policy_preset, mark: m.policy_mark_shown },
  ...{ domains: m.policy_group_domains },
  ...{ host: m.admin_mail_host, port: m.admin_mail_port, security: m.admin_mail_security },
  ...{ user: m.admin_mail_user, password: m.admin_mail_password },
  ...{ senderName: m.admin_mail_sender_name, senderAddress: m.admin_mail_sender_address },
  replyTo: m.admin_mail_reply_to,
  ...{ hours: m.admin_security_hours, rememberedDays: m.admin_security_remembered },
  ...{ idleMinutes: m.admin_security_idle, minCharacters: m.admin_security_characters },
  ...{ words: m.admin_security_words, free: m.admin_security_free },
  ...{ outside: m.admin_security_outside, activationDays: m.admin_security_activation },
  ...{ invitationDays: m.admin_security_invitation, resetMinutes: m.admin_security_reset },
  ...{ accentLight: m.admin_branding_accent_light, accentDark: m.admin_branding_accent_dark },
  ...{ footer: m.admin_branding_footer, footerLink: m.admin_branding_footer_link },
  logo: m.admin_branding_logo,
  meetingDays: m.admin_meetings_retention_meetings,
  attendanceDays: m.admin_meetings_retention_attendance,
  mailDays: m.admin_meetings_retention_mails,
}

const VALUES: Readonly<Record<string, Words>> = {
  'security starttls': m.admin_mail_starttls,
  'security tls': m.admin_mail_tls,
  'security none': m.admin_mail_no_tls,
  'outside nobody': m.admin_security_outside_nobody,
  'outside administrators': m.admin_security_outside_administrators,
  'outside organisers': m.admin_security_outside_organisers,
}

const CHANGES: ReadonlySet<string> = new Set([
  ...['profile-changed', 'setting-changed'],
  ...['group-created', 'group-changed', 'group-deleted'],
])

/** Null for an entry of another kind. */
export function wordChanges({ action, object, details }: AuditEntry): readonly Detail[] | null {
  if (!CHANGES.has(action)) return null
  const { changed, ...values } = details
  const told = Object.entries(values).filter(([name]) => !name.endsWith(FROM))
  const lines = told.map(([name, value]) => ({
    label: wordMember(name, object),
    value: wordMove(name, value, details[name + FROM]),
  }))
  const names = Array.isArray(changed) ? changed.filter((name) => !(name in values)) : []
  if (names.length === 0) return lines
  const list = names.map((name) => wordMember(name, object)).join(', ')
  return [...lines, { label: m.admin_audit_detail_changed(), value: list }]
}

/** Undefined for an object that has no better words than its name. */
export function wordChanged({ kind, id }: AuditObject): string | undefined {
  if (kind === 'profile' && (id === 'open' || id === 'standard' || id === 'restricted')) {
    return `${m.policy_profile()} ${wordProfile(id)}`
  }
  if (kind !== 'setting') return undefined
  const letter = id.replace(/^letter-/, '')
  return letter !== id && isKind(letter) ? KINDS[letter]() : AREAS[id]?.()
}

/** The entries of before this was written down have no value from which. */
function wordMove(name: string, now: Value, before: Value | undefined): string {
  const to = wordOne(name, now)
  return before === undefined ? to : m.admin_audit_from_to({ from: wordOne(name, before), to })
}

function wordOne(name: string, value: Value): string {
  if (isSwitch(name)) {
    const known = typeof value === 'boolean' || typeof value === 'number'
    return known ? wordValue(name, value) : m.policy_not_restricted()
  }
  if (typeof value === 'boolean') return value ? m.admin_audit_yes() : m.admin_audit_no()
  if (value === null || value === '') return '–'
  if (typeof value === 'object') return value.join(', ') || '–'
  return VALUES[`${name} ${String(value)}`]?.() ?? String(value)
}

function wordMember(name: string, object: AuditObject): string {
  if (isSwitch(name)) return wordSwitch(name)
  if (name === 'name') {
    return object.kind === 'group' ? m.policy_group_name() : m.admin_branding_name()
  }
  return wordPlaceNamed(name) ?? MEMBERS[name]?.() ?? name
}

function isSwitch(name: string): name is SwitchName {
  return Object.hasOwn(SWITCHES, name)
}
