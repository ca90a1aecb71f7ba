/** Signing in, without telling a wrong password from an unknown account, and slowing down those who guess. */
import type { PasswordParams } from '../../contract/sign-in.ts'
import { TmmsError } from '../../errors.ts'
import type { Actor } from '../audit/actor.ts'
import { addressObject } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { normaliseEmail } from '../accounts/email.ts'
import { hashToken } from '../secret.ts'
import { wrongCredentials, type Verified } from './session.ts'
import { Buckets, FailureDelay, Turns } from './throttle.ts'

/** A whole organisation may sit behind one address: only failures are scarce. */
const NETWORK_PARAMS = { capacity: 300, perSecond: 5 } as const
const NETWORK_FAILURES = { capacity: 100, perSecond: 0.5 } as const
/** The circuit breaker against guesses from everywhere: browsers that have signed in before still get through. */
const ALL_FAILURES = { capacity: 2_000, perSecond: 10 } as const
const MAX_WAITING = 16

export interface Caller {
  readonly actor: Actor
  /** Key of the network, from `networkOf`. */
  readonly network: string
  /** Token of the long-lived device cookie, if the browser has one. */
  readonly deviceToken: string | undefined
}

export class SignIn {
  readonly #context: Context
  readonly #delay: FailureDelay
  readonly #paramsBuckets: Buckets
  readonly #failureBuckets: Buckets
  readonly #everybody: Buckets
  readonly #turns = new Turns(MAX_WAITING)

  constructor(context: Context) {
    this.#context = context
    this.#delay = new FailureDelay(context.now)
    this.#paramsBuckets = new Buckets(NETWORK_PARAMS, context.now)
    this.#failureBuckets = new Buckets(NETWORK_FAILURES, context.now)
    this.#everybody = new Buckets(ALL_FAILURES, context.now)
  }

  /** @throws {TmmsError} `invalid-email`, `too-many-tries`. */
  async params(text: string, caller: Caller): Promise<PasswordParams> {
    const email = normaliseEmail(text)
    this.#paramsBuckets.charge(caller.network)
    const { store, passwords } = this.#context
    return passwords.paramsOf(email, await store.accounts.credentialByEmail(email))
  }

  /** @throws {TmmsError} `wrong-credentials`, `too-many-tries`, `invalid-email`. */
  async signIn(text: string, auth: string, caller: Caller): Promise<Verified> {
    const email = normaliseEmail(text)
    const known = await this.#knowsDevice(email, caller)
    // A browser that has signed in to this account before has its own count, so that nobody can lock its owner out.
    const key = known ? `device ${hashToken(caller.deviceToken ?? '')} ${email}` : email
    const network = known ? null : caller.network
    try {
      return await this.#turns.run(key, () => this.#checked(key, network, { email, auth }))
    } catch (error) {
      this.#note(email, caller, error)
      throw error
    }
  }

  async #checked(
    key: string,
    network: string | null,
    { email, auth }: { readonly email: string; readonly auth: string },
  ): Promise<Verified> {
    const budgets = this.#budgets(key, network)
    for (const { budget, of } of budgets) budget.check(of)
    // Before anything is awaited: guesses in parallel each find what the others have taken (Q8).
    for (const { budget, of } of budgets) budget.take(of)
    const verified = await this.#verified(email, auth)
    if (verified === undefined) throw wrongCredentials()
    for (const { budget, of } of budgets) budget.giveBack(of)
    return verified
  }

  // The same for known and unknown addresses; which it is, is looked up after the reply (A2).
  #note(email: string, { actor }: Caller, error: unknown): void {
    if (!(error instanceof TmmsError)) return
    const object = addressObject(email)
    const reason = error.code
    this.#context.refusals.note(actor, { action: 'sign-in-refused', reason, about: email, object })
  }

  #budgets(key: string, network: string | null) {
    const own = { budget: this.#delay, of: key }
    if (network === null) return [own]
    const failures = { budget: this.#failureBuckets, of: network }
    return [own, failures, { budget: this.#everybody, of: '' }]
  }

  async #verified(email: string, auth: string): Promise<Verified | undefined> {
    const { store, passwords } = this.#context
    const account = await store.accounts.byEmail(email)
    const credential = await store.accounts.credentialByEmail(email)
    const right = await passwords.verify(auth, credential)
    if (!right || account?.state !== 'active' || credential === undefined) return undefined
    return { account, stored: credential.stored }
  }

  async #knowsDevice(email: string, { deviceToken }: Caller): Promise<boolean> {
    return this.#context.store.sessions.knowsDevice(hashToken(deviceToken ?? ''), email)
  }
}
