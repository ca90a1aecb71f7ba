/** What every code of a call means: final or passing, where and how it is said, and the way on. The only such table. */
import type { E2eeCode } from '@huisclos/e2ee-worker/protocol'
import { m } from '../../paraglide/messages.js'
import type { CallCode } from './codes.ts'
import {
  alarm,
  banner,
  final,
  listed,
  other,
  outside,
  type During,
  type Outcome,
} from './outcome.ts'

const accusing: Partial<During> = { alarm: true }
const news: Partial<During> = { tone: 'info', over: 'soon' }
const passing: Partial<During> = { over: 'soon' }
const network: Outcome = { ...other, ended: m.failed_network }
/** Nothing is damaged inside TLS: two programs understand the same bytes differently. */
const mismatch: Outcome = { ...other, ended: m.failed_version, wayOn: 'reload' }
/** The same server would sign the same again. */
const falseToken = final(m.failed_token, 'none', { distrust: 'token' })
const atTheDoor: Outcome = { ...other, atTheDoor: true }
const shut = (ended: Outcome['ended']): Outcome => final(ended, 'none', { atTheDoor: true })

const table = {
  // The TMMS, which is asked for the invitation.
  'signed-out': final(m.failed_signed_out, 'reload', { atTheDoor: true }),
  'other-account': final(m.failure_other_account, 'reload', { atTheDoor: true }),
  'meeting-not-open': { ...atTheDoor, final: 'always' },
  // The keys of the meeting are weaker than a group of this person allows.
  restricted: shut(() => m.policy_suite_refused({ value: 2 })),
  'bad-proof': final(m.failure_bad_proof, 'reload', { atTheDoor: true }),
  // Asked for once more than the page follows: the nonces of a server that was restarted between the two.
  'use-dpop-nonce': network,
  'too-many-tries': atTheDoor,
  'wrong-origin': shut(m.failure_wrong_origin),
  'too-large': mismatch,
  offline: network,
  intercepted: { ...other, ended: m.failed_intercepted },
  unavailable: network,

  // The TCS; the first two are the TMMS's as well.
  'not-found': shut(m.refused_text),
  'not-allowed': banner(m.notice_not_allowed, shut(m.failure_not_allowed), passing),
  // While coming back, the TCS may still hold our old connection.
  refused: { ...final(m.failed_refused, 'rejoin'), final: 'at-first' },
  replaced: final(m.failed_replaced, 'rejoin'),
  removed: banner(m.notice_removed, final(m.failed_removed, 'none'), {
    ...news,
    own: m.notice_removed_self,
  }),
  uninvited: final(m.failed_uninvited, 'none'),
  suspended: final(m.failed_suspended, 'none'),
  'meeting-ended': final(m.failed_meeting_ended, 'none'),
  // The page comes back by itself, with a token that says what still holds.
  'rights-changed': { ...other, ended: m.failed_rights_changed },
  'room-full': final(m.failed_room_full, 'rejoin'),
  'too-many-devices': final(m.failed_too_many_devices, 'rejoin'),
  'token-in-use': other,
  'too-slow': network,
  'too-many-messages': other,
  'bad-request': mismatch,
  'shutting-down': network,
  'media-unavailable': other,
  internal: banner(m.notice_media, other, passing),

  // The encryption: who the server is.
  E_PIN: alarm(m.e2ee_pin, final(m.failed_pin, 'none', { distrust: 'pin' })),
  // A server whose clock was set back shows them as well: refused all the same, until its keys are of today.
  E_KEY_SET_OLD: banner(
    m.e2ee_key_set_old,
    final(m.failed_key_set_old, 'rejoin', { distrust: 'old' }),
  ),
  E_TCS: alarm(m.e2ee_tcs, final(m.failed_tcs, 'none', { distrust: 'tcs' })),
  E_PSK: outside(m.e2ee_psk, final(m.failed_psk, 'none', { atTheDoor: true })),

  // Who somebody is.
  E_VERSION: outside(m.e2ee_version, { ...mismatch, final: 'always' }),
  E_SUITE: alarm(m.e2ee_suite, { ...mismatch, final: 'always' }),
  E_TOKEN_FORMAT: alarm(m.e2ee_token, falseToken),
  E_TOKEN_TYPE: alarm(m.e2ee_token, falseToken),
  E_TOKEN_SIG: alarm(m.e2ee_token, falseToken),
  // Of ourselves only after the server was asked for its keys again.
  E_TOKEN_KEY: outside(m.e2ee_token_key, falseToken),
  E_TOKEN_AUD: outside(m.e2ee_token_aud, falseToken),
  // In a call it means most often that somebody else signed in, in another window of this browser.
  E_TOKEN_MEETING: outside(m.e2ee_token_meeting, final(m.failed_token_meeting, 'reload')),
  E_TOKEN_TIME: outside(m.e2ee_token_time, { ...other, ended: m.failed_token_time }),
  E_JKT: alarm(m.e2ee_jkt, final(m.failed_token, 'none')),
  E_HELLO_SIG: alarm(m.e2ee_hello_sig),
  // What waited in a frozen server or a sleeping laptop arrives late, and again after a reconnection.
  E_EK_REUSE: listed(m.e2ee_replayed_hello),
  E_EPOCH: listed(m.e2ee_replayed_hello),
  // The person is asked to decide, in a notice that cannot be put away.
  E_IK_CHANGED: listed(m.e2ee_ik_changed),
  E_ROSTER: alarm(m.e2ee_roster, other, { lasting: true }),
  E_SAS: alarm(m.e2ee_sas, other, { lasting: true }),

  // One message or frame.
  E_LEN: listed(m.e2ee_malformed, mismatch, accusing),
  E_SHORT: listed(m.e2ee_malformed, mismatch, accusing),
  E_TRAILING: listed(m.e2ee_malformed, mismatch, accusing),
  E_ENV_AUTH: listed(m.e2ee_env_auth),
  E_ENV_REPLAY: listed(m.e2ee_env_replay),
  E_ENV_GAP: listed(m.e2ee_env_gap),
  E_KEY_ROLLBACK: listed(m.e2ee_key_rollback),
  E_NO_KEY: { ...listed(m.e2ee_no_key), tile: m.reason_no_key },
  E_FRAME_AUTH: { ...listed(m.e2ee_frame_auth, other, accusing), tile: m.reason_altered },
  E_FRAME_REPLAY: { ...listed(m.e2ee_frame_replay), tile: m.reason_replayed },
  E_STREAM: { ...listed(m.e2ee_stream, other, accusing), tile: m.reason_stream },
  // A token given out before the policy changed brings it about as well.
  E_POLICY: listed(m.e2ee_policy),
  // Late signatures, too; a tile says what is forged.
  E_VOUCH: listed(m.e2ee_vouch),

  // Our own side.
  E_CTR: banner(m.e2ee_ctr),
  E_CODEC: { ...banner(m.e2ee_codec), tile: m.reason_codec },
  E_STATE: listed(m.e2ee_state),
  E_KDF: banner(m.e2ee_kdf),
  E_INTERNAL: banner(m.e2ee_internal, final(m.failed_worker, 'rejoin')),

  // The page.
  'unsupported-browser': final(m.failed_unsupported_browser, 'none'),
  timeout: banner(m.notice_media, network, passing),
  disconnected: network,
  'cannot-encrypt': banner(m.notice_cannot_encrypt),
  'clear-media': alarm(m.notice_clear_media, other, { lasting: true }),
  'codec-missing': banner(m.notice_codec_missing),
  unknown: banner(m.notice_media, other, passing),

  // Moderators.
  locked: banner(m.notice_locked, other, { ...news, own: m.notice_locked_self }),
  unlocked: banner(m.notice_unlocked, other, { ...news, own: m.notice_unlocked_self }),
  'kept-out-locked': outside(m.notice_kept_out_locked),
  'kept-out-removed': outside(m.notice_kept_out_removed),
  'not-excluded': banner(m.notice_not_excluded),
} satisfies Record<CallCode, Outcome>

export const callCodes = Object.keys(table) as readonly CallCode[]

/** A newer server may know codes that this page does not. */
export function outcomeOf(code: string): Outcome {
  return Object.hasOwn(table, code) ? table[code as CallCode] : other
}

export function isE2eeCode(code: string): code is E2eeCode {
  return code.startsWith('E_') && Object.hasOwn(table, code)
}

export function isFinal(code: string): boolean {
  return outcomeOf(code).final !== 'never'
}

export function endsReconnecting(code: string): boolean {
  return outcomeOf(code).final === 'always'
}
