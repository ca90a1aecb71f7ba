/** Whom a request with an API token acts for (RFC 6750). */
import type { Scope } from '../../contract/rights.ts'
import { TmmsError } from '../../errors.ts'
import type { Rows } from '../../store/store.ts'
import type { Actor, Person } from '../audit/actor.ts'
import type { Context } from '../context.ts'
import { hashToken } from '../secret.ts'
import { Ceilings } from '../limits/ceilings.ts'
import { networkOf } from '../limits/network.ts'
import { scopesOf } from './api-token.ts'

const MINUTE_MS = 60_000
const SECRET = /^hct_[A-Za-z0-9_-]{43}$/
/** 256 bits are not guessed: this keeps the noise of trying down. Who has a token passes all the same. */
const UNKNOWN = { capacity: 30, perSecond: 1 / 10 } as const

export interface Use {
  readonly secret: string
  /** Network address of the request. */
  readonly from: string
  /** As the contract names it. */
  readonly route: string
  readonly scope: Scope | null
}

export class Bearers {
  readonly #context: Context
  readonly #unknown: Ceilings

  constructor(context: Context) {
    this.#context = context
    this.#unknown = new Ceilings(UNKNOWN, context.now)
  }

  /**
   * The account is looked at each time: what it may no longer do, its tokens may not do either.
   * @throws {TmmsError} `token-unknown`, `token-expired`, `token-scope`, `too-many-tries`.
   */
  async admit({ secret, from, route, scope }: Use, rows: Rows): Promise<Person> {
    const { store, now, later } = this.#context
    const nowMs = now()
    const hash = SECRET.test(secret) ? hashToken(secret) : undefined
    const token = hash === undefined ? undefined : await rows.apiTokens.byHash(hash)
    const account = token && (await rows.accounts.byId(token.accountId))
    if (account?.state !== 'active' || account.role !== 'administrator' || token === undefined) {
      const nobody = { account: null, from }
      this.#unknown.charge(networkOf(from))
      throw this.#refused(nobody, route, new TmmsError('token-unknown', UNKNOWN_TOKEN))
    }
    const { id, name, expiresAt, lastUsedAt } = token
    const actor = { account, from, token: { id, name } }
    if (expiresAt <= nowMs) {
      const day = new Date(expiresAt).toISOString()
      const words = `This API token expired at ${day}. Make another one.`
      throw this.#refused(actor, route, new TmmsError('token-expired', words))
    }
    if (scope === null || !scopesOf(token).includes(scope)) {
      const words =
        scope === null
          ? 'No API token may do this: it is for people who are signed in.'
          : `This API token lacks the scope ${scope}.`
      throw this.#refused(actor, route, new TmmsError('token-scope', words))
    }
    const minute = nowMs - (nowMs % MINUTE_MS)
    if (lastUsedAt < minute) later(() => store.apiTokens.used(id, minute, minute))
    return actor
  }

  #refused(actor: Actor, route: string, error: TmmsError): TmmsError {
    this.#context.refusals.note(actor, {
      action: 'access-refused',
      reason: error.code,
      about: route,
      object: () => Promise.resolve({ kind: 'server', id: '', name: route }),
    })
    return error
  }
}

const UNKNOWN_TOKEN =
  'This API token is not known: it was revoked, or whoever made it may administer no longer.'
