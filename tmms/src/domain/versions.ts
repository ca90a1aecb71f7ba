/** One rule for all that several people may edit: nobody saves over what they have not seen. */
import type { AuditAction } from '../contract/audit.ts'
import type { Changed } from '../contract/errors.ts'
import { TmmsError } from '../errors.ts'
import type { Rows } from '../store/store.ts'
import { readLine } from './audit/line.ts'

/** What changes what is edited, as the audit log has it. */
const CHANGES = {
  setting: ['setting-changed'],
  profile: ['profile-changed'],
  group: ['group-created', 'group-changed'],
  account: [
    ...(['account-changed', 'account-role-changed', 'account-validated'] as const),
    ...(['account-suspended', 'account-resumed'] as const),
    ...(['group-member-added', 'group-member-removed'] as const),
  ],
  meeting: [
    ...(['meeting-changed', 'meeting-handed-over'] as const),
    ...(['meeting-invited', 'meeting-uninvited'] as const),
  ],
} as const satisfies Readonly<Record<string, readonly AuditAction[]>>

export interface Edited {
  readonly kind: keyof typeof CHANGES
  /** Absent for the policy, which is edited whole. */
  readonly id?: string
}

/** The version that there is, and the one that a save is based on. */
export interface Versions {
  readonly is: number
  readonly basedOn: number
}

/**
 * Call in the transaction that saves.
 * @throws {TmmsError} `changed-meanwhile` with the version that there is, and with who changed it and when.
 */
export async function requireUnchanged(
  rows: Pick<Rows, 'audit'>,
  edited: Edited,
  { is, basedOn }: Versions,
): Promise<void> {
  if (is === basedOn) return
  throw changedMeanwhile({ version: is, ...(await lastChange(rows, edited)) })
}

/** @param changed absent when it was so recent that nothing is known of it yet */
export function changedMeanwhile(changed?: Changed): TmmsError {
  const sentence = 'This was changed since it was read: compare, and save again.'
  return new TmmsError('changed-meanwhile', sentence, changed === undefined ? {} : { changed })
}

async function lastChange(
  { audit }: Pick<Rows, 'audit'>,
  { kind, id }: Edited,
): Promise<Omit<Changed, 'version'>> {
  const range = { before: null, from: 0, limit: 1 }
  const [line] = await audit.page(range, { actions: CHANGES[kind], objectId: id })
  const entry = line === undefined ? undefined : readLine(line)?.entry
  if (entry === undefined) return {}
  const { time: at, actor } = entry
  return actor.name === '' ? { at } : { at, by: actor.name }
}
