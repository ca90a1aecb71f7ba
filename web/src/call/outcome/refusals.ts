/** What the encryption refused: which codes interrupt people, and the list of all of them for the security panel. */
import type { E2eeCode } from '@huisclos/e2ee-worker/protocol'

/**
 * `alarm`: a person is kept out, or somebody must act. `listed`: one message or frame was dropped, which networks cause
 * too; tiles say it when it lasts. `elsewhere`: has a place of its own on the screen.
 */
type Weight = 'alarm' | 'listed' | 'elsewhere'

const weights: Readonly<Record<E2eeCode, Weight>> = {
  E_VERSION: 'alarm',
  E_SUITE: 'alarm',
  E_LEN: 'listed',
  E_SHORT: 'listed',
  E_TRAILING: 'listed',
  E_TOKEN_FORMAT: 'alarm',
  E_TOKEN_TYPE: 'alarm',
  E_TOKEN_SIG: 'alarm',
  E_TOKEN_AUD: 'alarm',
  E_TOKEN_MEETING: 'alarm',
  E_TOKEN_TIME: 'alarm',
  E_JKT: 'alarm',
  E_HELLO_SIG: 'alarm',
  E_EK_REUSE: 'alarm',
  E_EPOCH: 'alarm',
  E_PIN: 'alarm',
  E_KEY_SET_OLD: 'alarm',
  E_PSK: 'alarm',
  E_ENV_AUTH: 'listed',
  E_ENV_REPLAY: 'listed',
  E_ENV_GAP: 'listed',
  E_KEY_ROLLBACK: 'alarm',
  E_NO_KEY: 'listed',
  E_FRAME_AUTH: 'listed',
  E_FRAME_REPLAY: 'listed',
  E_STREAM: 'listed',
  E_ROSTER: 'alarm',
  E_SAS: 'alarm',
  E_TCS: 'alarm',
  // The person is asked to decide, in a notice that cannot be put away.
  E_IK_CHANGED: 'elsewhere',
  E_VOUCH: 'listed',
  E_CTR: 'alarm',
  E_CODEC: 'alarm',
  E_STATE: 'listed',
  E_KDF: 'alarm',
  E_INTERNAL: 'alarm',
}

export interface Refusal {
  readonly code: E2eeCode
  /** Who sent it, by the TCS's word. */
  readonly memberId: string | null
  readonly count: number
}

const MOST_KEPT = 50

export function isE2eeCode(code: string): code is E2eeCode {
  return Object.hasOwn(weights, code)
}

export function isAlarm(code: E2eeCode): boolean {
  return weights[code] === 'alarm'
}

/** @returns the list with this refusal first, counted together with earlier ones of its kind. */
export function countRefusal(
  list: readonly Refusal[],
  { code, memberId }: Omit<Refusal, 'count'>,
): readonly Refusal[] {
  const same = (one: Refusal): boolean => one.code === code && one.memberId === memberId
  const count = (list.find(same)?.count ?? 0) + 1
  return [{ code, memberId, count }, ...list.filter((one) => !same(one))].slice(0, MOST_KEPT)
}
