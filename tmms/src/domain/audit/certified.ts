/** Writes down which keys the root certifies, whenever they are others than the log says. */
import type { AuditDetails } from '../../contract/audit.ts'
import type { Rows, Store } from '../../store/store.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import type { Actor } from './actor.ts'
import { readLine } from './line.ts'
import { record, type Deed } from './record.ts'

const SERVER: Actor = { account: null, from: '' }

export async function recordCertified(
  { store, now, origin }: { store: Store; now: () => number; origin: string },
  keys: KeyRing,
): Promise<void> {
  const { root, token, audit, tcs } = await keys.certified()
  const deeds: readonly Deed[] = [
    {
      action: 'key-changed',
      object: { kind: 'key', id: root, name: '' },
      details: { origin, root, token, audit },
    },
    { action: 'tcs-changed', object: { kind: 'tcs', id: '', name: '' }, details: { tcs } },
  ]
  await store.atomically(async (rows) => {
    for (const deed of deeds) {
      if (!(await isLatest(rows, deed))) await record(rows, SERVER, now(), deed)
    }
  })
}

async function isLatest(rows: Rows, { action, details = {} }: Deed): Promise<boolean> {
  const [line] = await rows.audit.page({ before: null, from: 0, limit: 1 }, { action })
  const latest = line === undefined ? undefined : readLine(line)?.entry.details
  return latest !== undefined && sameDetails(latest, details)
}

function sameDetails(one: AuditDetails, other: AuditDetails): boolean {
  const text = (details: AuditDetails) => JSON.stringify(Object.entries(details).toSorted())
  return text(one) === text(other)
}
