/** What a call asks of the TMMS, asked over HTTP by whoever is signed in. */
import { api, ApiFailure } from '../../account/api.ts'
import type { Grant, MeetingServer, ProveDevice } from '../../call/meeting-server.ts'

export class HttpMeetingServer implements MeetingServer {
  readonly origin = location.origin
  readonly #mid: string

  constructor(mid: string) {
    this.#mid = mid
  }

  async fetchGrant(prove: ProveDevice): Promise<Grant> {
    try {
      return await this.#askGrant(prove)
    } catch (error) {
      const nonce = error instanceof ApiFailure ? error.dpopNonce : null
      if (nonce === null) throw error
      // The clock of this computer is wrong: the server's nonce stands for its own time.
      return this.#askGrant(prove, nonce)
    }
  }

  async #askGrant(prove: ProveDevice, nonce?: string): Promise<Grant> {
    const url = `${this.origin}/api/meetings/${this.#mid}/join`
    const asked = nonce === undefined ? {} : { nonce }
    const { proof } = await prove({ method: 'POST', url, ...asked })
    const options = { path: { id: this.#mid }, headers: { dpop: proof } }
    const { endsAt, ...grant } = await api('POST /api/meetings/:id/join', {}, options)
    return { ...grant, endsInMs: Date.parse(endsAt) - issuedAtMs(grant.token) }
  }

  fetchKeySet(): Promise<string> {
    return api('GET /api/keys')
  }

  async exclude(sub: string): Promise<void> {
    await api('POST /api/meetings/:id/exclude', { sub }, { path: { id: this.#mid } })
  }
}

/** The server's time when it issued this token. The computer's own clock may be set to anything. */
function issuedAtMs(token: string): number {
  const payload = token.split('.')[1] ?? ''
  const { iat } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as {
    readonly iat: number
  }
  return iat * 1000
}
