/** Every refusal in the user's words: what happened, and what to do. */
import type { Meeting } from '@huisclos/tmms/contract/meetings'
import { m } from '../paraglide/messages.js'
import type { ApiFailure, FailureCode } from './api.ts'

export function wordFailure(failure: ApiFailure): string {
  // A newer server may know codes that this page does not.
  return isWorded(failure.code) ? WORDS[failure.code](failure) : WORDS.internal()
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
  'invalid-email': () => m.failure_invalid_email(),
  'invalid-name': () => m.failure_invalid_name(),
  'invalid-title': () => m.failure_invalid_title(),
  'invalid-duration': () => m.failure_invalid_duration(),
  'invalid-date': () => m.failure_invalid_date(),
  'date-in-past': () => m.failure_date_in_past(),
  'too-many-invited': () => m.failure_too_many_invited(),
  'weak-parameters': () => m.failure_weak_parameters(),
  'account-exists': () => m.failure_account_exists(),
  'link-unknown': () => m.failure_link_unknown(),
  'link-expired': () => m.failure_link_expired(),
  'link-used': () => m.failure_link_used(),
  'wrong-credentials': () => m.failure_wrong_credentials(),
  'too-many-tries': ({ retryAfterS }) => wordWait(retryAfterS),
  'signed-out': () => m.failure_signed_out(),
  'not-allowed': () => m.failure_not_allowed(),
  'not-found': () => m.failure_not_found(),
  'meeting-not-open': () => m.failure_meeting_not_open(),
  'bad-proof': () => m.failure_bad_proof(),
  'wrong-origin': () => m.failure_wrong_origin(),
  'too-large': () => m.failure_too_large(),
  unavailable: () => m.failure_unavailable(),
  internal: () => m.failure_internal(),
  offline: () => m.failure_offline(),
  missing: () => m.failure_missing(),
  'password-too-short': () => m.failure_password_too_short(),
  'password-too-long': () => m.failure_password_too_long(),
  'passwords-differ': () => m.failure_passwords_differ(),
  'no-addresses': () => m.failure_no_addresses(),
} satisfies Record<FailureCode, (failure: ApiFailure) => string>

function wordWait(retryAfterS: number | null): string {
  const seconds = retryAfterS ?? 60
  if (seconds < 90) return m.failure_too_many_tries_seconds({ seconds: Math.max(1, seconds) })
  return m.failure_too_many_tries_minutes({ minutes: Math.ceil(seconds / 60) })
}
