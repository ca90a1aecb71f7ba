/** The grant of the TMMS for this meeting: asked for with a proof of the device, and kept until it is used. */
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { Grant, MeetingServer } from './meeting-server.ts'
import { codeOf } from './outcome/errors.ts'
import { outcomeOf } from './outcome/table.ts'

export interface JoinGrantOptions {
  readonly e2ee: Pick<E2eeClient, 'call'>
  readonly server: MeetingServer
  /** RFC 7638 thumbprint of the TMMS's root key from the link. */
  readonly pin: string | null
}

export class JoinGrant {
  readonly #options: JoinGrantOptions
  #kept: { readonly grant: Grant; readonly untilMs: number } | null = null
  #asking: Promise<Grant> | null = null

  constructor(options: JoinGrantOptions) {
    this.#options = options
  }

  /** Asks ahead of time. @throws what `fetch` throws */
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

  /**
   * Only the server that this browser knows may refuse: an impostor would have people sign in with him.
   * @throws the refusal of the TMMS, or E2eeError E_PIN when it is not the one that link and browser know
   */
  async fetch(): Promise<Grant> {
    const { e2ee, server } = this.#options
    try {
      return await server.fetchGrant((request) => e2ee.call('prove-device', request))
    } catch (error) {
      if (outcomeOf(codeOf(error)).atTheDoor === true) await this.#checkServer()
      throw error
    }
  }

  async #checkServer(): Promise<void> {
    const { e2ee, server, pin } = this.#options
    const keySet = await server.fetchKeySet()
    await e2ee.call('check-server', { tmmsOrigin: server.origin, pin, keySet })
  }
}
