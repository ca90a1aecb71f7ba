/** Every refusal in the user's words: what happened, and what to do. */
import type { Meeting } from '@huisclos/tmms/contract/meetings'
import {
  AHEAD_MAX_DAYS,
  INVITED_MAX,
  NAME_MAX_CHARACTERS,
  PASSWORD_MAX_BYTES,
  PASSWORD_MIN_CHARACTERS,
  PASSWORD_WORD_MAX_CHARACTERS,
  PASSWORD_WORD_MIN_CHARACTERS,
  TITLE_MAX_CHARACTERS,
} from '@huisclos/tmms/contract/limits'
import { m } from '../paraglide/messages.js'
import { getLocale } from '../paraglide/runtime.js'
import type { ApiFailure } from './api.ts'
import type { FailureCode } from './failure-code.ts'
import { wordShortDate } from './dates.ts'
import { wordRange, wordRestriction } from './policy.ts'

/** More than this in one sentence are not read. */
const NAMED_MAX = 20

export function wordFailure(failure: ApiFailure): string {
  // A newer server may know codes that this page does not.
  return isWorded(failure.code) ? WORDS[failure.code](failure) : WORDS.internal()
}

/** Each thing that is wrong once: addresses of which the same is true stand in one sentence. */
export function wordFailures(failures: readonly ApiFailure[]): readonly string[] {
  const sentences = new Set<string>()
  for (const failure of failures) {
    const { code } = failure
    const alike = failures.filter((one) => one.code === code && one.value !== null)
    const together = failure.value !== null && alike.length > 1 && isGrouped(code)
    sentences.add(together ? wordTogether(code, alike) : wordFailure(failure))
  }
  return [...sentences]
}

/** Whether this code is one of the TMMS's or of the forms'; a call has others. */
export function isWorded(code: string): boolean {
  return Object.hasOwn(WORDS, code)
}

/** How one comes into a meeting whose link this server cannot show, because it does not know it. */
export function wordHanded({ mine, organiser }: Meeting): string {
  return mine ? m.own_link_mine() : m.own_link_theirs({ name: organiser.name })
}

/** What to do with a link that lacks the secret its organiser handed over. */
export function wordHalfLink({ mine, organiser }: Meeting): string {
  return mine ? m.own_link_half_mine() : m.own_link_half({ name: organiser.name })
}

const WORDS = {
  'bad-request': () => m.failure_bad_request(),
  'invalid-email': ({ value }) =>
    value === null || value.trim() === ''
      ? m.failure_invalid_email()
      : m.address_bad({ address: value }),
  'invalid-wording': () => m.failure_invalid_wording(),
  'invalid-logo': () => m.failure_invalid_logo(),
  'invalid-name': () => m.failure_invalid_name({ max: NAME_MAX_CHARACTERS }),
  'invalid-title': () => m.failure_invalid_title({ max: TITLE_MAX_CHARACTERS }),
  'invalid-duration': () => m.failure_invalid_duration(),
  'invalid-date': () => m.failure_invalid_date(),
  'date-in-past': () => m.failure_date_in_past(),
  'date-too-far': () => m.failure_date_too_far({ years: Math.floor(AHEAD_MAX_DAYS / 366) }),
  'too-many-invited': ({ count }) =>
    count === null
      ? m.failure_too_many_invited({ max: INVITED_MAX })
      : m.failure_too_many_of_invited({ max: INVITED_MAX, count, over: count - INVITED_MAX }),
  'weak-parameters': () => m.failure_weak_parameters(),
  'account-exists': ({ value }) =>
    value === null ? m.failure_account_exists() : m.address_taken({ address: value }),
  'already-invited': ({ value }) => m.address_invited({ address: value ?? '' }),
  'invalid-role': () => m.failure_invalid_role(),
  'invalid-language': () => m.failure_invalid_language(),
  'listed-twice': () => m.failure_listed_twice(),
  'changed-meanwhile': ({ changed }) => wordChanged(changed),
  'last-administrator': () => m.failure_last_administrator(),
  'own-account': () => m.failure_own_account(),
  'wrong-state': () => m.failure_wrong_state(),
  'no-organiser': () => m.failure_no_organiser(),
  'link-unknown': () => m.failure_link_unknown(),
  'link-expired': () => m.failure_link_expired(),
  'link-used': () => m.failure_link_used(),
  'wrong-credentials': () => m.failure_wrong_credentials(),
  'too-many-tries': ({ retryAfterS }) => wordWait(retryAfterS),
  'signed-out': () => m.failure_signed_out(),
  'other-account': () => m.failure_other_account(),
  'not-allowed': () => m.failure_not_allowed(),
  'token-unknown': () => m.failure_token_unknown(),
  'token-expired': () => m.failure_token_expired(),
  'token-scope': () => m.failure_token_scope(),
  restricted: ({ restriction }) =>
    restriction === null ? m.policy_refused() : wordRestriction(restriction),
  'outside-domains': ({ value }) =>
    value === null ? m.address_outside_any() : m.address_outside({ address: value }),
  'invalid-word': ({ value }) =>
    m.admin_security_word_bad({
      word: value ?? '',
      min: PASSWORD_WORD_MIN_CHARACTERS,
      max: PASSWORD_WORD_MAX_CHARACTERS,
    }),
  'invalid-domain': ({ value }) =>
    value === null ? m.policy_domain_bad_any() : m.policy_domain_bad({ domain: value }),
  'group-exists': () => m.policy_group_exists(),
  'not-found': () => m.failure_not_found(),
  'meeting-not-open': () => m.failure_meeting_not_open(),
  'meeting-begun': () => m.failure_meeting_begun(),
  'bad-proof': () => m.failure_bad_proof(),
  'use-dpop-nonce': () => m.failure_bad_proof(),
  'wrong-origin': () => m.failure_wrong_origin(),
  'too-large': () => m.failure_too_large(),
  unavailable: () => m.failure_unavailable(),
  internal: () => m.failure_internal(),
  offline: () => m.failure_offline(),
  intercepted: () => m.failure_intercepted(),
  missing: () => m.failure_missing(),
  'file-gone': () => m.failure_file_gone(),
  'table-empty': () => m.admin_people_csv_empty(),
  'table-not-text': () => m.admin_people_csv_not_text(),
  'table-no-header': () => m.admin_people_csv_no_header(),
  'table-no-lines': () => m.admin_people_csv_no_lines(),
  'table-broken': ({ count }) => m.admin_people_csv_broken({ line: count ?? 1 }),
  'table-too-many-lines': ({ count }) => m.admin_people_csv_too_many({ max: count ?? 0 }),
  'table-too-large': ({ count }) => m.admin_people_csv_too_large({ max: count ?? 0 }),
  'no-such-hour': ({ value }) => m.failure_no_such_hour({ time: value ?? '' }),
  'password-too-short': ({ count }) =>
    m.failure_password_too_short({ min: count ?? PASSWORD_MIN_CHARACTERS }),
  'password-word': ({ value }) => m.failure_password_word({ word: value ?? '' }),
  'password-common': () => m.failure_password_common(),
  'password-personal': () => m.failure_password_personal(),
  'password-too-long': () => m.failure_password_too_long({ max: PASSWORD_MAX_BYTES }),
  'passwords-differ': () => m.failure_passwords_differ(),
  'bracket-missing': ({ value }) => m.address_cut({ address: value ?? '' }),
  'address-slip': ({ value, meant }) =>
    m.address_slip({ address: value ?? '', meant: meant ?? '' }),
  'two-addresses': ({ value }) => m.address_double({ address: value ?? '' }),
  'not-in-range': ({ value }) => wordRange(value ?? ''),
  'too-many-lines': ({ count }) => m.admin_security_too_many({ max: count ?? 0 }),
  shorter: () => m.admin_security_shorter(),
  preset: () => m.policy_preset_not_offered(),
  'no-addresses': () => m.failure_no_addresses(),
} satisfies Record<FailureCode, (failure: ApiFailure) => string>

const TOGETHER = {
  'invalid-email': m.addresses_bad,
  'account-exists': m.addresses_taken,
  'outside-domains': m.addresses_outside,
  'bracket-missing': m.addresses_cut,
  'two-addresses': m.addresses_double,
} satisfies Partial<Record<FailureCode, unknown>>

function isGrouped(code: FailureCode): code is keyof typeof TOGETHER {
  return Object.hasOwn(TOGETHER, code)
}

function wordTogether(code: keyof typeof TOGETHER, failures: readonly ApiFailure[]): string {
  const named = failures.slice(0, NAMED_MAX).map(({ value }) => value ?? '')
  const list = failures.length > NAMED_MAX ? [...named, '…'] : named
  return TOGETHER[code]({ count: failures.length, addresses: list.join(', ') })
}

function wordChanged(changed: ApiFailure['changed']): string {
  const { at, by } = changed ?? {}
  if (at === undefined) return m.failure_changed_meanwhile()
  const when = wordShortDate(at, getLocale())
  return by === undefined
    ? m.failure_changed_meanwhile_at({ when })
    : m.failure_changed_meanwhile_by({ when, by })
}

function wordWait(retryAfterS: number | null): string {
  const seconds = retryAfterS ?? 60
  if (seconds < 90) return m.failure_too_many_tries_seconds({ seconds: Math.max(1, seconds) })
  return m.failure_too_many_tries_minutes({ minutes: Math.ceil(seconds / 60) })
}
