/** What a call asks of the TMMS, asked over HTTP by whoever is signed in. */
import { api } from '../../account/api.ts'
import type { Grant, MeetingServer, ProveDevice } from '../../call/meeting-server.ts'

export class HttpMeetingServer implements MeetingServer {
  readonly origin = location.origin
  readonly #mid: string

  constructor(mid: string) {
    this.#mid = mid
  }

  async fetchGrant(prove: ProveDevice): Promise<Grant> {
    const url = `${this.origin}/api/meetings/${this.#mid}/join`
    const { proof } = await prove({ method: 'POST', url })
    return api(
      'POST /api/meetings/:id/join',
      {},
      {
        path: { id: this.#mid },
        headers: { dpop: proof },
      },
    )
  }

  fetchKeySet(): Promise<string> {
    return api('GET /api/keys')
  }

  async exclude(sub: string): Promise<void> {
    await api('POST /api/meetings/:id/exclude', { sub }, { path: { id: this.#mid } })
  }
}
