/** Our membership of one meeting: the keys made for it, who we are in it, and its token, kept fresh. */
import type { E2eeClient } from '@huisclos/e2ee-worker/client'
import type { Calls, StartReply } from '@huisclos/e2ee-worker/protocol'
import { JoinGrant } from './join-grant.ts'
import type { Grant, MeetingServer } from './meeting-server.ts'
import { CallError, codeOf } from './outcome/errors.ts'

export interface MembershipOptions {
  readonly e2ee: Pick<E2eeClient, 'call'>
  readonly server: MeetingServer
  readonly mid: string
  readonly pin: string | null
  readonly linkSecret: string | null
  /** New keys: nothing that was known of the former session holds for this one. */
  readonly onStarted: (me: StartReply) => void
}

export type KeyAge = Pick<Calls['stats']['reply'], 'generation' | 'step' | 'keyAgeMs'>

export class Membership {
  readonly #options: MembershipOptions
  readonly #grants: JoinGrant
  #title = $state<string | null>(null)
  #me = $state.raw<StartReply | null>(null)

  constructor(options: MembershipOptions) {
    this.#options = options
    this.#grants = new JoinGrant(options)
  }

  /** Title of the meeting; null until the TMMS has told. */
  get title(): string | null {
    return this.#title
  }

  /** Who I am according to my own token; null before the keys exist. */
  get me(): StartReply | null {
    return this.#me
  }

  /** Asks for the invitation ahead of joining, so that a refusal and the title are known at once. */
  async prepare(): Promise<void> {
    this.#title = (await this.#grants.prepare()).title
  }

  async takeGrant(): Promise<Grant> {
    const grant = await this.#grants.take()
    this.#title = grant.title
    return grant
  }

  /** Makes the keys. @throws E2eeError */
  async start({ token }: Grant): Promise<void> {
    const { e2ee, server, mid, pin, linkSecret, onStarted } = this.#options
    const keySet = await server.fetchKeySet()
    const request = { tmmsOrigin: server.origin, mid, token, keySet, pin, linkSecret }
    this.#me = await e2ee.call('start', request)
    onStarted(this.#me)
  }

  /** A fresh token for the same keys. @throws what the TMMS or the worker refuses */
  async renew(): Promise<void> {
    const { token } = await this.#grants.fetch()
    await this.#options.e2ee.call('new-token', { token })
  }

  /** A fresh token after a cut; new keys where the server does not know our session any more. */
  async comeBack(): Promise<Grant> {
    const { e2ee } = this.#options
    const grant = await this.#grants.fetch()
    try {
      await e2ee.call('new-token', { token: grant.token })
    } catch (error) {
      // A server without memory of our session has made a new one; then so do we.
      if (codeOf(error) !== 'E_TOKEN_MEETING' && codeOf(error) !== 'E_STATE') throw error
      await e2ee.call('close', {})
      const before = this.#me?.sub
      await this.start(grant)
      // Somebody else signed in in this browser meanwhile: nobody goes on under another name unawares.
      if (this.#me?.sub !== before) throw new CallError('E_TOKEN_MEETING')
    }
    return grant
  }

  /** Since when our own key is in use. @throws E2eeError */
  async keyAge(): Promise<KeyAge> {
    const { generation, step, keyAgeMs } = await this.#options.e2ee.call('stats', {})
    return { generation, step, keyAgeMs }
  }
}
