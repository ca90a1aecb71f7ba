/** The invitation as the TMMS grants it: asked for with a proof of the device, kept until it is used. */
import type { E2eeClient } from '@huisclos/e2ee-worker/client'

export interface Grant {
  readonly token: string
  readonly title: string
  readonly tcsOrigin: string
  readonly expiresInS: number
}

export interface InvitationOptions {
  readonly e2ee: Pick<E2eeClient, 'call'>
  /** Absolute address of the request that `fetchGrant` makes. */
  readonly grantUrl: string
  readonly fetchGrant: (proof: string) => Promise<Grant>
}

export class Invitation {
  readonly #options: InvitationOptions
  #kept: { readonly grant: Grant; readonly untilMs: number } | null = null
  #asking: Promise<Grant> | null = null

  constructor(options: InvitationOptions) {
    this.#options = options
  }

  /** Asks ahead of time. @throws what fetchGrant throws */
  async prepare(): Promise<Grant> {
    this.#asking = this.fetch()
    const grant = await this.#asking
    // Half of its life is left for clocks that differ and for the connection itself.
    this.#kept = { grant, untilMs: Date.now() + grant.expiresInS * 500 }
    return grant
  }

  /** The grant asked for before when it is young enough, else a new one: a token serves one connection. */
  async take(): Promise<Grant> {
    await this.#asking?.catch(() => undefined)
    const kept = this.#kept
    this.#kept = null
    return kept !== null && Date.now() < kept.untilMs ? kept.grant : this.fetch()
  }

  async fetch(): Promise<Grant> {
    const { e2ee, grantUrl, fetchGrant } = this.#options
    const { proof } = await e2ee.call('prove-device', { method: 'POST', url: grantUrl })
    return fetchGrant(proof)
  }
}
