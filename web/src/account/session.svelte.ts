/** Who is signed in here, if anybody. */
import type { Account, Language } from '@huisclos/tmms/contract/accounts'
import type { Branding } from '@huisclos/tmms/contract/branding'
import type { Status } from '@huisclos/tmms/contract/server'
import { hashPassword } from '@huisclos/e2ee-worker/password-client'
import { normalise } from './normalise.ts'
import { api } from './api.ts'
import { actAs } from './in-whose-name.ts'
import { RememberedMeeting } from './remembered-meeting.ts'

export type SessionState = 'loading' | 'ready' | 'offline'

export class Session {
  /** Where the person was going before they had to sign in. */
  readonly meeting = new RememberedMeeting()
  #state: SessionState = $state.raw('loading')
  #account: Account | null = $state.raw(null)
  #status: Status | null = $state.raw(null)
  /** Ends the question whether the person signs in again. */
  #answer: ((signedIn: boolean) => void) | null = $state.raw(null)
  #again: Promise<boolean> | null = null

  get state(): SessionState {
    return this.#state
  }

  get account(): Account | null {
    return this.#account
  }

  get status(): Status | null {
    return this.#status
  }

  /** Asks the server what it is and who we are. Never throws: without an answer the state is `offline`. */
  async load(): Promise<void> {
    this.#state = 'loading'
    try {
      this.#status = await api('GET /api/status')
      this.#become((await api('GET /api/session')).account)
      this.#state = 'ready'
    } catch {
      this.#state = 'offline'
    }
  }

  /** The server no longer knows this session, and the person is asked to sign in again over what they were doing. */
  get ended(): boolean {
    return this.#answer !== null
  }

  /** Asks the person to sign in again in place. Resolves to whether they did: what was refused can then be done. */
  again(): Promise<boolean> {
    if (this.#account === null) return Promise.resolve(false)
    this.#again ??= new Promise((resolve) => (this.#answer = resolve))
    return this.#again
  }

  /** Asks the server who is signed in by now. @throws {ApiFailure} when it does not answer. */
  async whoIsIn(): Promise<Account | null> {
    return (await api('GET /api/session')).account
  }

  /** Asks again what was refused once the person has signed in again; else this is for the sign-in page. */
  async goOn(load: () => Promise<void>): Promise<void> {
    if (await this.again()) await load()
    else this.forget()
  }

  /** The person signed in again, or did not want to. */
  answer(signedIn: boolean): void {
    this.#answer?.(signedIn)
    this.#answer = null
    this.#again = null
  }

  /** @throws {ApiFailure} `wrong-credentials`, `too-many-tries` and the general ones. */
  async signIn(email: string, password: string, remember: boolean): Promise<void> {
    const address = normalise(email)
    const params = await api('POST /api/auth/params', { email: address })
    const auth = await hashPassword(password, params)
    const { account } = await api('POST /api/auth/login', { email: address, v: 1, auth, remember })
    this.#become(account)
  }

  async signOut(): Promise<void> {
    await api('POST /api/auth/logout', {})
    this.meeting.forget()
    this.#become(null)
  }

  /** Ends every session of this account, and the meetings that their browsers are in. */
  async signOutEverywhere(): Promise<void> {
    await api('POST /api/auth/logout-everywhere', {})
    this.meeting.forget()
    this.#become(null)
  }

  /** After a link was accepted, the server has signed the person in. */
  adopt(account: Account): void {
    this.#become(account)
    if (this.#status !== null) this.#status = { ...this.#status, needsSetup: false }
  }

  /** An administrator has changed how the installation shows itself. */
  rebrand(branding: Branding): void {
    if (this.#status !== null) this.#status = { ...this.#status, branding }
  }

  /** The server no longer knows this session. */
  forget(): void {
    this.#become(null)
  }

  async keepLanguage(language: Language): Promise<void> {
    if (this.#account === null) return
    this.#become(await api('PATCH /api/me', { language }))
  }

  #become(account: Account | null): void {
    this.#account = account
    actAs(account?.id ?? null)
  }
}
