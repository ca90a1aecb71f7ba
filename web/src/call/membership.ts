/** Our membership of one meeting: the keys made for it, who we are in it, and its token, kept fresh. */
import type { Calls, StartReply } from '@huisclos/e2ee-worker/calls'
import { JoinGrant, type JoinGrantOptions } from './join-grant.ts'
import { CallError, codeOf } from './outcome/errors.ts'
import { isFinal } from './outcome/table.ts'

export interface MembershipOptions extends JoinGrantOptions {
  readonly mid: string
  readonly linkSecret: string | null
  /** New keys: nothing that was known of the former session holds for this one. */
  readonly onStarted: (me: StartReply) => void
  /** A newer token for the same keys: the TCS is to know as well what still holds. */
  readonly onRenewed: (token: string) => void
}

export type KeyAge = Pick<Calls['stats']['reply'], 'generation' | 'step' | 'keyAgeMs'>

/** A grant that came within this time needs no successor. */
const FRESH_MS = 10_000
/** A token lives for 15 minutes; up to this age it still serves when no newer one can be had. */
const USABLE_MS = 7 * 60_000

export class Membership {
  readonly #options: MembershipOptions
  #grant: JoinGrant | null = null
  #me: StartReply | null = null

  constructor(options: MembershipOptions) {
    this.#options = options
  }

  /** Who I am according to my own token; null before the keys exist. */
  get me(): StartReply | null {
    return this.#me
  }

  /** Where the TMMS said that the meeting is. */
  get tcsOrigin(): string {
    return this.#grant?.tcsOrigin ?? this.#options.server.origin
  }

  /** Milliseconds to the planned end, negative after it; null before the TMMS has told. */
  get endsInMs(): number | null {
    return this.#grant?.endsInMs ?? null
  }

  /** Asks to be let in. @throws what the TMMS refuses, or E2eeError E_PIN */
  async ask(): Promise<void> {
    this.#grant = await JoinGrant.fetch(this.#options)
  }

  /** Makes the keys for what was granted. @throws E2eeError */
  async start(): Promise<void> {
    const { e2ee, server, mid, pin, linkSecret, onStarted } = this.#options
    const keySet = await server.fetchKeySet()
    const request = { tmmsOrigin: server.origin, mid, keySet, pin, linkSecret }
    this.#me = await e2ee.call('start', { ...request, ...this.#credential() })
    onStarted(this.#me)
  }

  /** A fresh token and clock for the same keys. @throws what the TMMS or the worker refuses */
  async renew(): Promise<void> {
    await this.ask()
    await this.#handOver()
  }

  /**
   * For the moment of joining, however long the device check took.
   * @throws what cannot be mended, and anything when the token at hand is too old to go on with
   */
  async refresh(): Promise<void> {
    if (this.#grant?.isYoungerThan(FRESH_MS) !== true) await this.#renewIfAnswered()
  }

  /** A fresh token, also where the server does not know our session any more: then with new keys. */
  async comeBack(): Promise<void> {
    if (this.#me === null) {
      await this.ask()
      await this.start()
      return
    }
    const { sub } = this.#me
    try {
      await this.#renewIfAnswered()
    } catch (error) {
      if (!isOtherSession(error)) throw error
      await this.#options.e2ee.call('close', {})
      await this.start()
      // Somebody else signed in in this browser meanwhile: nobody goes on under another name unawares.
      if (this.#me.sub !== sub) throw new CallError('E_TOKEN_MEETING')
    }
  }

  /** A TMMS that does not answer now must keep nobody out whose token is good for minutes. */
  async #renewIfAnswered(): Promise<void> {
    try {
      await this.ask()
    } catch (error) {
      if (isFinal(codeOf(error)) || this.#grant?.isYoungerThan(USABLE_MS) !== true) throw error
      return
    }
    await this.#handOver()
  }

  async #handOver(): Promise<void> {
    const { e2ee, onRenewed } = this.#options
    const credential = this.#credential()
    try {
      await e2ee.call('new-token', credential)
    } catch (error) {
      if (codeOf(error) !== 'E_TOKEN_KEY') throw error
      await this.#handOverWithKeys()
    }
    onRenewed(credential.token)
  }

  /** The server signs with a key that it did not have when this call began. */
  async #handOverWithKeys(): Promise<void> {
    const { e2ee, server } = this.#options
    const keySet = await server.fetchKeySet()
    await e2ee.call('new-token', { ...this.#credential(), keySet })
  }

  /** The token, and how old it is at this moment. */
  #credential(): Calls['new-token']['request'] {
    return { token: this.#grant?.token ?? '', tokenAgeMs: this.#grant?.ageMs ?? 0 }
  }

  /** Since when our own key is in use. @throws E2eeError */
  async keyAge(): Promise<KeyAge> {
    const { generation, step, keyAgeMs } = await this.#options.e2ee.call('stats', {})
    return { generation, step, keyAgeMs }
  }
}

/** A server without memory of our session has made a new one; then so must we. */
export function isOtherSession(error: unknown): boolean {
  return codeOf(error) === 'E_TOKEN_MEETING' || codeOf(error) === 'E_STATE'
}
