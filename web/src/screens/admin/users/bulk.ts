/** One thing done to many people, in pieces that the server takes, and what became of each. */
import { PEOPLE_AT_ONCE } from '@huisclos/tmms/contract/limits'
import type { AccountRow } from '@huisclos/tmms/contract/people'
import type { BulkAction } from '@huisclos/tmms/contract/people-deeds'
import { api, ApiFailure } from '../../../account/api.ts'

export interface BulkOutcome {
  readonly done: number
  /** Whom it could not be done to, and why. */
  readonly failures: readonly ApiFailure[]
}

/** @throws {ApiFailure} when the server could not be asked; what was done before stays done. */
export async function actOnAll(
  people: readonly Pick<AccountRow, 'id' | 'email'>[],
  action: BulkAction,
  onprogress: (done: number) => void,
): Promise<BulkOutcome> {
  const failures: ApiFailure[] = []
  for (let at = 0; at < people.length; at += PEOPLE_AT_ONCE) {
    const piece = people.slice(at, at + PEOPLE_AT_ONCE)
    const body = { ids: piece.map(({ id }) => id), action }
    const { results } = await api('POST /api/admin/accounts/bulk', body)
    piece.forEach(({ email }, index) => {
      const code = results[index] ?? null
      if (code !== null) failures.push(new ApiFailure(code, { field: 'email', value: email }))
    })
    onprogress(at + piece.length)
  }
  return { done: people.length - failures.length, failures }
}
