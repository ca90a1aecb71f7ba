/** Once a minute: what budgets against guessing remember longer than it matters is forgotten. */
import type { Context } from '../domain/context.ts'
import { purgeLimits } from '../domain/limits/names.ts'
import { Periodic } from './periodic.ts'

const PURGE_MS = 60_000

export function limitsJob(
  context: Pick<Context, 'store' | 'now'>,
  onFailure: (error: unknown) => void,
): Periodic {
  return new Periodic(PURGE_MS, () => purgeLimits(context), onFailure)
}
