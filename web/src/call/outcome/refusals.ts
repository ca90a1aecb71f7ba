/** The list of what the encryption refused, for the security panel. */
import type { E2eeCode } from '@huisclos/e2ee-worker/protocol'

export interface Refusal {
  readonly code: E2eeCode
  /** Who sent it, by the TCS's word. */
  readonly memberId: string | null
  readonly count: number
}

const MOST_KEPT = 50

/** @returns the list with this refusal first, counted together with earlier ones of its kind. */
export function countRefusal(
  list: readonly Refusal[],
  { code, memberId }: Omit<Refusal, 'count'>,
): readonly Refusal[] {
  const same = (one: Refusal): boolean => one.code === code && one.memberId === memberId
  const count = (list.find(same)?.count ?? 0) + 1
  return [{ code, memberId, count }, ...list.filter((one) => !same(one))].slice(0, MOST_KEPT)
}
