/** What one peer may do at this moment. Handlers ask here, never the token: rights change while somebody is in. */
import type { Permission } from '../door/token.ts'
import type { Source } from '../protocol.ts'

const NEEDS: Record<Source, Permission> = {
  audio: 'audio',
  video: 'video',
  screen: 'share',
  'screen-audio': 'share',
}
const SOURCES = Object.keys(NEEDS) as Source[]

export class Rights {
  #permissions: ReadonlySet<Permission>

  constructor(permissions: ReadonlySet<Permission>) {
    this.#permissions = permissions
  }

  /** What may not be published now. */
  get forbidden(): readonly Source[] {
    return SOURCES.filter((source) => !this.mayPublish(source))
  }

  mayPublish(source: Source): boolean {
    return this.#permissions.has(NEEDS[source])
  }

  replace(permissions: ReadonlySet<Permission>): void {
    this.#permissions = permissions
  }
}
