/** Once a minute: what was refused again and again is written down, the certified keys are, and the log is signed. */
import { recordCertified } from '../domain/audit/certified.ts'
import { signCheckpoint, type AuditLog } from '../domain/audit/checkpoint.ts'
import type { Refusals } from '../domain/audit/refusals.ts'
import type { KeyRing } from '../domain/keys/key-ring.ts'
import type { Store } from '../store/store.ts'
import { Periodic } from './periodic.ts'

const CHECKPOINT_MS = 60_000

interface Surroundings {
  readonly store: Store
  readonly now: () => number
  readonly origin: string
  readonly keys: KeyRing
  readonly refusals: Refusals
  readonly log: AuditLog
}

export function auditJob(around: Surroundings, onFailure: (error: unknown) => void): Periodic {
  const work = async (): Promise<void> => {
    await around.refusals.flush()
    await recordCertified(around, around.keys)
    await signCheckpoint(around, around.log)
  }
  return new Periodic(CHECKPOINT_MS, work, onFailure)
}
