/** What is counted in the database, and when it is cleared away. */
import type { Store } from '../../store/store.ts'

/** At most 24 characters each. */
const BUDGETS = [
  'sign-in',
  'sign-in-network',
  'sign-in-all',
  'reset-network',
  'reset-address',
  'meeting-miss',
] as const
export type BudgetName = (typeof BUDGETS)[number]

/** Identifiers of device proofs that were used. */
export const USED_PROOFS = 'device-proof'

/** Of each budget: a flood of made-up names must not fill the disk. */
const KEPT_OF_EACH = 100_000

/** Called once a minute. */
export async function purgeLimits({
  store,
  now,
}: {
  readonly store: Store
  readonly now: () => number
}): Promise<void> {
  const nowMs = now()
  await store.hastily(async ({ limits }) => {
    for (const name of BUDGETS) await limits.purge(name, nowMs, KEPT_OF_EACH)
    // Each was paid for by somebody signed in, and is good for minutes.
    await limits.purge(USED_PROOFS, nowMs, Number.MAX_SAFE_INTEGER)
  })
}
