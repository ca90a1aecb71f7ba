/** Entries of the audit log in words. */
import type {
  AuditAction,
  AuditActor,
  AuditEntry,
  AuditObject,
} from '@huisclos/tmms/contract/audit'
import type { Language } from '@huisclos/tmms/contract/accounts'
import { wordDate } from '../../../account/dates.ts'
import { m } from '../../../paraglide/messages.js'
import { wordChanged, wordChanges, type Detail } from './changes.ts'

type Words = () => string

export const ACTIONS = {
  setup: m.admin_audit_action_setup,
  'sign-in': m.admin_audit_action_sign_in,
  'sign-in-refused': m.admin_audit_action_sign_in_refused,
  'sign-out': m.admin_audit_action_sign_out,
  'sign-out-everywhere': m.admin_audit_action_sign_out_everywhere,
  'link-refused': m.admin_audit_action_link_refused,
  'access-refused': m.admin_audit_action_access_refused,
  'password-reset-asked': m.admin_audit_action_password_reset_asked,
  'password-reset-refused': m.admin_audit_action_password_reset_refused,
  'password-changed': m.admin_audit_action_password_changed,
  'account-invited': m.admin_audit_action_account_invited,
  'account-created': m.admin_audit_action_account_created,
  'account-validated': m.admin_audit_action_account_validated,
  'account-changed': m.admin_audit_action_account_changed,
  'account-role-changed': m.admin_audit_action_account_role_changed,
  'account-suspended': m.admin_audit_action_account_suspended,
  'account-resumed': m.admin_audit_action_account_resumed,
  'account-deleted': m.admin_audit_action_account_deleted,
  'account-signed-out': m.admin_audit_action_account_signed_out,
  'group-created': m.admin_audit_action_group_created,
  'group-changed': m.admin_audit_action_group_changed,
  'group-deleted': m.admin_audit_action_group_deleted,
  'group-member-added': m.admin_audit_action_group_member_added,
  'group-member-removed': m.admin_audit_action_group_member_removed,
  'profile-changed': m.admin_audit_action_profile_changed,
  'setting-changed': m.admin_audit_action_setting_changed,
  'meeting-planned': m.admin_audit_action_meeting_planned,
  'meeting-changed': m.admin_audit_action_meeting_changed,
  'meeting-cancelled': m.admin_audit_action_meeting_cancelled,
  'meeting-ended': m.admin_audit_action_meeting_ended,
  'meeting-handed-over': m.admin_audit_action_meeting_handed_over,
  'meeting-invited': m.admin_audit_action_meeting_invited,
  'meeting-uninvited': m.admin_audit_action_meeting_uninvited,
  'meeting-admission': m.admin_audit_action_meeting_admission,
  'meeting-refused': m.admin_audit_action_meeting_refused,
  'meeting-removed': m.admin_audit_action_meeting_removed,
  'mail-given-up': m.admin_audit_action_mail_given_up,
  'mail-retried': m.admin_audit_action_mail_retried,
  'api-token-made': m.admin_audit_action_api_token_made,
  'api-token-revoked': m.admin_audit_action_api_token_revoked,
  export: m.admin_audit_action_export,
  retention: m.admin_audit_action_retention,
  'key-changed': m.admin_audit_action_key_changed,
  'tcs-changed': m.admin_audit_action_tcs_changed,
} as const satisfies Record<AuditAction, Words>

const DETAILS: Readonly<Record<string, Words>> = {
  reason: m.admin_audit_detail_reason,
  times: m.admin_audit_detail_times,
  by: m.admin_audit_detail_by,
  remember: m.admin_audit_detail_remember,
  knownDevice: m.admin_audit_detail_known_device,
  role: m.admin_audit_detail_role,
  language: m.admin_audit_detail_language,
  accounts: m.admin_audit_detail_accounts,
  account: m.admin_audit_detail_account,
  startsAt: m.admin_audit_detail_starts_at,
  durationMin: m.admin_audit_detail_duration_min,
  ownLink: m.admin_audit_detail_own_link,
  device: m.admin_audit_detail_device,
  purpose: m.admin_audit_detail_purpose,
  kind: m.admin_audit_detail_kind,
  answer: m.admin_audit_detail_answer,
  origin: m.admin_audit_detail_origin,
  root: m.admin_audit_detail_root,
  token: m.admin_audit_detail_token,
  audit: m.admin_audit_detail_audit,
  tcs: m.admin_audit_detail_tcs,
  what: m.admin_audit_detail_what,
}

const REASONS: Readonly<Record<string, Words>> = {
  'wrong-credentials': m.admin_audit_reason_wrong_credentials,
  'too-many-tries': m.admin_audit_reason_too_many_tries,
  'no-account': m.admin_audit_reason_no_account,
  suspended: m.admin_audit_reason_suspended,
  'link-unknown': m.admin_audit_reason_link_unknown,
  'link-expired': m.admin_audit_reason_link_expired,
  'link-used': m.admin_audit_reason_link_used,
  'not-allowed': m.admin_audit_reason_not_allowed,
  'not-found': m.admin_audit_reason_not_found,
  'bad-proof': m.admin_audit_reason_bad_proof,
  'many-others': m.admin_audit_reason_many_others,
  'signed-out': m.admin_audit_reason_signed_out,
}

export function wordActor({ kind, name }: AuditActor): string {
  if (kind === 'account' || kind === 'api-token') return name
  return kind === 'server' ? m.admin_audit_server() : m.admin_audit_nobody()
}

export function wordObject(object: AuditObject): string {
  const { kind, id, name } = object
  if (kind === 'meeting') return `${m.admin_audit_kind_meeting()} ${name || id}`
  if (kind === 'server') return name || m.admin_audit_server()
  return wordChanged(object) ?? (name || id || '–')
}

export function wordDetails(entry: AuditEntry, language: Language): readonly Detail[] {
  const words = Object.entries(entry.details).map(([name, value]) => ({
    label: DETAILS[name]?.() ?? name,
    value: wordValue(name, value, language),
  }))
  return wordChanges(entry) ?? words
}

function wordValue(name: string, value: AuditEntry['details'][string], language: Language): string {
  if (typeof value === 'boolean') return value ? m.admin_audit_yes() : m.admin_audit_no()
  if (value === null) return '–'
  if (typeof value === 'object') return value.join(', ') || '–'
  if (name === 'reason') return REASONS[String(value)]?.() ?? String(value)
  if (name === 'startsAt') return wordDate(String(value), language) ?? String(value)
  return String(value)
}

/** "24 Nov 2026, 14:30:05", as a list needs it. */
export function wordMoment(iso: string, language: Language): string {
  const tag = language === 'en' ? 'en-GB' : 'fr-FR'
  return new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium' }).format(
    new Date(iso),
  )
}
