/** What the server tells administrators about itself. */
import type { Reply } from '../../contract/routes.ts'
import type { TcsState } from '../../contract/system.ts'
import { readChangelog } from './changelog.ts'

/** What lies on the disk. */
export interface ProductFiles {
  readonly version: string
  /** Markdown. */
  readonly changelog: string
}

export interface SystemSource {
  /** As they were when this process started. */
  readonly running: ProductFiles
  /** As they are now; null when they cannot be read. */
  readonly onDisk: () => Promise<ProductFiles | null>
  readonly tcsState: () => readonly TcsState[]
}

export async function describeSystem(
  { running, onDisk, tcsState }: SystemSource,
  sinceMs: number,
): Promise<Reply<'GET /api/admin/system'>> {
  const now = await onDisk()
  // Between two releases the list of changes tells them apart.
  const same =
    now === null || (now.version === running.version && now.changelog === running.changelog)
  return {
    version: running.version,
    since: new Date(sinceMs).toISOString(),
    beside: same ? null : now.version,
    changes: readChangelog(running.changelog),
    servers: tcsState(),
  }
}
