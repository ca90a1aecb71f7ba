/** Why a call ended or could not begin, and the way on from there: what is said and what is offered go together. */
import type { CallCode } from '../../call/outcome/errors.ts'
import { m } from '../../paraglide/messages.js'

/**
 * `rejoin`: another attempt may succeed. `reload`: only a fresh page can help, because this one is outdated or shows
 * somebody who is no longer signed in. `none`: neither can.
 */
export type WayOn = 'rejoin' | 'reload' | 'none'

interface End {
  readonly word: (inputs: { code: string }) => string
  readonly wayOn: WayOn
}

/** Whatever is not known to be lasting may have passed by the next attempt. */
const other: End = { word: m.failed_other, wayOn: 'rejoin' }
const network: End = { word: m.failed_network, wayOn: 'rejoin' }
const mismatch: End = { word: m.failed_version, wayOn: 'reload' }
/** The same server would sign the same again. */
const falseToken: End = { word: m.failed_token, wayOn: 'none' }

const ends: Readonly<Record<CallCode | 'offline' | 'unavailable' | 'bad-proof', End>> = {
  refused: { word: m.failed_refused, wayOn: 'rejoin' },
  'token-in-use': other,
  'too-slow': network,
  'too-many-messages': other,
  'bad-request': mismatch,
  'not-found': { word: m.refused_text, wayOn: 'none' },
  'not-allowed': { word: m.failure_not_allowed, wayOn: 'none' },
  replaced: { word: m.failed_replaced, wayOn: 'rejoin' },
  removed: { word: m.failed_removed, wayOn: 'none' },
  'room-full': { word: m.failed_room_full, wayOn: 'rejoin' },
  'shutting-down': network,
  'media-unavailable': other,
  internal: other,
  E_VERSION: mismatch,
  E_SUITE: mismatch,
  // Nothing is damaged inside TLS: two programs understand the same bytes differently.
  E_LEN: mismatch,
  E_SHORT: mismatch,
  E_TRAILING: mismatch,
  E_TOKEN_FORMAT: falseToken,
  E_TOKEN_TYPE: falseToken,
  E_TOKEN_SIG: falseToken,
  E_TOKEN_AUD: falseToken,
  // In a call it means most often that somebody else signed in, in another window of this browser.
  E_TOKEN_MEETING: { word: m.failed_token_meeting, wayOn: 'reload' },
  E_TOKEN_TIME: { word: m.failed_token_time, wayOn: 'rejoin' },
  E_JKT: falseToken,
  E_HELLO_SIG: other,
  E_EK_REUSE: other,
  E_EPOCH: other,
  E_PIN: { word: m.failed_pin, wayOn: 'none' },
  E_KEY_SET_OLD: { word: m.failed_key_set_old, wayOn: 'none' },
  E_PSK: { word: m.failed_psk, wayOn: 'none' },
  E_ENV_AUTH: other,
  E_ENV_REPLAY: other,
  E_ENV_GAP: other,
  E_KEY_ROLLBACK: other,
  E_NO_KEY: other,
  E_FRAME_AUTH: other,
  E_FRAME_REPLAY: other,
  E_STREAM: other,
  E_ROSTER: other,
  E_SAS: other,
  E_TCS: { word: m.failed_tcs, wayOn: 'none' },
  E_IK_CHANGED: other,
  E_VOUCH: other,
  E_CTR: other,
  E_CODEC: other,
  E_STATE: other,
  E_KDF: other,
  E_INTERNAL: { word: m.failed_worker, wayOn: 'rejoin' },
  'unsupported-browser': { word: m.failed_unsupported_browser, wayOn: 'none' },
  timeout: network,
  disconnected: network,
  'cannot-encrypt': other,
  'clear-media': other,
  'codec-missing': other,
  unknown: other,
  offline: network,
  unavailable: network,
  'bad-proof': { word: m.failure_bad_proof, wayOn: 'reload' },
}

export function wordEnd(code: string): string {
  return endOf(code).word({ code })
}

/** What may be tried after an end with this code. */
export function wayOnFrom(code: string): WayOn {
  return endOf(code).wayOn
}

/** A newer server may know codes that this page does not. */
function endOf(code: string): End {
  return Object.hasOwn(ends, code) ? ends[code as keyof typeof ends] : other
}
