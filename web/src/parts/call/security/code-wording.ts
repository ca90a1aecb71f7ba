/** A sentence for every code of the encryption: who it is about, what happened, what to do. */
import type { E2eeCode } from '@huisclos/e2ee-worker/protocol'
import { m } from '../../../paraglide/messages.js'

type Word = (inputs: { name: string }) => string

/** Codes share a sentence where people can do nothing different about them; the code stands beside it. */
const sentences: Readonly<Record<E2eeCode, Word>> = {
  E_VERSION: m.e2ee_version,
  E_SUITE: m.e2ee_suite,
  E_LEN: m.e2ee_malformed,
  E_SHORT: m.e2ee_malformed,
  E_TRAILING: m.e2ee_malformed,
  E_TOKEN_FORMAT: m.e2ee_token,
  E_TOKEN_TYPE: m.e2ee_token,
  E_TOKEN_SIG: m.e2ee_token,
  E_TOKEN_AUD: m.e2ee_token_aud,
  E_TOKEN_MEETING: m.e2ee_token_meeting,
  E_TOKEN_TIME: m.e2ee_token_time,
  E_JKT: m.e2ee_jkt,
  E_HELLO_SIG: m.e2ee_hello_sig,
  E_EK_REUSE: m.e2ee_replayed_hello,
  E_EPOCH: m.e2ee_replayed_hello,
  E_PIN: m.e2ee_pin,
  E_KEY_SET_OLD: m.e2ee_key_set_old,
  E_PSK: m.e2ee_psk,
  E_ENV_AUTH: m.e2ee_env_auth,
  E_ENV_REPLAY: m.e2ee_env_replay,
  E_ENV_GAP: m.e2ee_env_gap,
  E_KEY_ROLLBACK: m.e2ee_key_rollback,
  E_NO_KEY: m.e2ee_no_key,
  E_FRAME_AUTH: m.e2ee_frame_auth,
  E_FRAME_REPLAY: m.e2ee_frame_replay,
  E_STREAM: m.e2ee_stream,
  E_ROSTER: m.e2ee_roster,
  E_SAS: m.e2ee_sas,
  E_TCS: m.e2ee_tcs,
  E_IK_CHANGED: m.e2ee_ik_changed,
  E_VOUCH: m.e2ee_vouch,
  E_CTR: m.e2ee_ctr,
  E_CODEC: m.e2ee_codec,
  E_STATE: m.e2ee_state,
  E_KDF: m.e2ee_kdf,
  E_INTERNAL: m.e2ee_internal,
}

/** @param name of the member it is about, null when not verified */
export function wordCode(code: E2eeCode, name: string | null): string {
  return sentences[code]({ name: name ?? m.call_somebody() })
}

const reasons: Readonly<Partial<Record<E2eeCode, Word>>> = {
  E_NO_KEY: m.reason_no_key,
  E_FRAME_AUTH: m.reason_altered,
  E_FRAME_REPLAY: m.reason_replayed,
  E_STREAM: m.reason_stream,
  E_CODEC: m.reason_codec,
}

/** Why a tile shows nothing, or is silent. */
export function wordUnopened(kind: 'video' | 'audio', code: E2eeCode | null, name: string): string {
  const reason = ((code === null ? undefined : reasons[code]) ?? m.reason_other)({ name })
  const inputs = { name, reason }
  return kind === 'video' ? m.tile_video(inputs) : m.tile_audio(inputs)
}
