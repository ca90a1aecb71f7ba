/** What one peer may do at this moment. Handlers ask here, never the token: rights change while somebody is in. */
import type { Permission } from '../door/proof.ts'
import type { Source } from '../protocol.ts'

const NEEDS: Record<Source, Permission> = {
  audio: 'audio',
  video: 'video',
  screen: 'share',
  'screen-audio': 'share',
}

export class Rights {
  readonly #permissions: ReadonlySet<Permission>

  constructor(permissions: ReadonlySet<Permission>) {
    this.#permissions = permissions
  }

  mayPublish(source: Source): boolean {
    return this.#permissions.has(NEEDS[source])
  }
}
