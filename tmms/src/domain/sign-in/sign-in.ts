/** Signing in, without telling a wrong password from an unknown account, and slowing down those who guess. */
import type { PasswordParams } from '../../contract/sign-in.ts'
import { TmmsError } from '../../errors.ts'
import type { Actor } from '../audit/actor.ts'
import { addressObject } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { normaliseEmail } from '../accounts/email.ts'
import { Budget, giveBackEach, takeEach, type Share } from '../limits/budget.ts'
import { Ceilings } from '../limits/ceilings.ts'
import { bucket, growingDelays } from '../limits/rules.ts'
import { hashToken } from '../secret.ts'
import { wrongCredentials, type Verified } from './session.ts'
import { Turns } from './turns.ts'

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
  readonly #params: Ceilings
  readonly #failures: Budget
  readonly #networkFailures: Budget
  readonly #allFailures: Budget
  readonly #turns = new Turns(MAX_WAITING)

  constructor(context: Context) {
    this.#context = context
    const { now } = context
    this.#params = new Ceilings(NETWORK_PARAMS, now)
    this.#failures = new Budget('sign-in', growingDelays(), now)
    this.#networkFailures = new Budget('sign-in-network', bucket(NETWORK_FAILURES), now)
    this.#allFailures = new Budget('sign-in-all', bucket(ALL_FAILURES), now)
  }

  /** @throws {TmmsError} `invalid-email`, `too-many-tries`. */
  async params(text: string, caller: Caller): Promise<PasswordParams> {
    const email = normaliseEmail(text)
    // Nobody in the same network can keep a browser out that has signed in before.
    const known = await this.#knowsDevice(email, caller)
    this.#params.charge(known ? deviceKey(email, caller) : caller.network)
    const { store, passwords } = this.#context
    return passwords.paramsOf(email, await store.accounts.credentialByEmail(email))
  }

  /** @throws {TmmsError} `wrong-credentials`, `too-many-tries`, `invalid-email`, `unavailable`. */
  async signIn(text: string, auth: string, caller: Caller): Promise<Verified> {
    const email = normaliseEmail(text)
    const known = await this.#knowsDevice(email, caller)
    // A browser that has signed in to this account before has its own count, so that nobody can lock its owner out.
    const key = known ? deviceKey(email, caller) : email
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
    const { store } = this.#context
    const shares = this.#shares(key, network)
    // Before anything is looked up: guesses in parallel each find what the others have taken (Q8, Q10). What cannot be
    // counted is not tried.
    await takeEach(store, shares)
    const verified = await this.#verified(email, auth)
    if (verified === undefined) throw wrongCredentials()
    await giveBackEach(store, shares)
    return verified
  }

  // The same for known and unknown addresses; which it is, is looked up after the reply (A2).
  #note(email: string, { actor }: Caller, error: unknown): void {
    if (!(error instanceof TmmsError)) return
    const object = addressObject(email)
    const reason = error.code
    this.#context.refusals.note(actor, { action: 'sign-in-refused', reason, about: email, object })
  }

  #shares(key: string, network: string | null): readonly Share[] {
    const own = { budget: this.#failures, of: key }
    if (network === null) return [own]
    const others = { budget: this.#networkFailures, of: network }
    return [own, others, { budget: this.#allFailures, of: '' }]
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

function deviceKey(email: string, { deviceToken }: Caller): string {
  return `device ${hashToken(deviceToken ?? '')} ${email}`
}
