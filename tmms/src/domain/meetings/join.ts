/** Joining: who may enter a meeting now, and the token that says so. */
import type { MeetingId } from '../../contract/ids.ts'
import type { ErrorCode } from '../../contract/errors.ts'
import type { JoinGrant } from '../../contract/meetings.ts'
import type { JoinClaims } from '../../contract/tokens.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import type { Rows, Store } from '../../store/store.ts'
import { issueTime, type IssueTime } from '../access-ends.ts'
import type { Person } from '../audit/actor.ts'
import { meetingObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { Budget } from '../limits/budget.ts'
import { Ceilings } from '../limits/ceilings.ts'
import { bucket } from '../limits/rules.ts'
import type { DeviceProofs, Proven } from '../sign-in/device-proof.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import { claimsFor, type E2eePolicy } from './claims.ts'
import { notFound } from './meeting.ts'
import { RecentAdmissions } from './recent-admissions.ts'
import { endsAt, opensAt, stateOf } from './meeting-time.ts'
import { mayGoOn } from './overrun.ts'
import { claimFor } from '../policy/meetings.ts'
import { makeId } from '../secret.ts'

/** Renewing takes one call in ten minutes; a reload each few seconds is still fine. */
const PER_ACCOUNT = { capacity: 120, perSecond: 1 } as const
/** Wrong meetings per account (M3): nobody mistypes 128 random bits this often. */
const MISSES_PER_ACCOUNT = { capacity: 30, perSecond: 0.1 } as const

const UNREMARKABLE: ReadonlySet<ErrorCode> = new Set(['use-dpop-nonce', 'meeting-not-open'])

export interface JoinRequest {
  readonly id: MeetingId
  /** Path of the request, which the proof must name. */
  readonly path: string
  /** The `DPoP` header. */
  readonly proof: string | undefined
  /** Of this request. */
  readonly store: Store
}

export class Joining {
  readonly #context: Context
  readonly #keys: KeyRing
  readonly #proofs: DeviceProofs
  readonly #tcsOrigin: string
  readonly #policy: E2eePolicy
  readonly #joins: Ceilings
  readonly #misses: Budget
  readonly #admitted = new RecentAdmissions()

  constructor(
    context: Context,
    parts: {
      readonly keys: KeyRing
      readonly proofs: DeviceProofs
      readonly tcsOrigin: string
      readonly policy: E2eePolicy
    },
  ) {
    this.#context = context
    this.#keys = parts.keys
    this.#proofs = parts.proofs
    this.#tcsOrigin = parts.tcsOrigin
    this.#policy = parts.policy
    this.#joins = new Ceilings(PER_ACCOUNT, context.now)
    this.#misses = new Budget('meeting-miss', bucket(MISSES_PER_ACCOUNT), context.now)
  }

  /** What the device proof of the next call should hold. */
  nonce(): string {
    return this.#proofs.nonce()
  }

  /**
   * @throws {TmmsError} `bad-proof`, `use-dpop-nonce`, `too-many-tries`, `meeting-not-open` to the invited, `restricted` when the keys of the
   * meeting are weaker than a group of the person allows, and `not-found` for unknown, not-invited, cancelled and ended alike.
   */
  async join(actor: Person, request: JoinRequest): Promise<JoinGrant> {
    try {
      return await this.#grant(actor, request)
    } catch (error) {
      this.#note(actor, request.id, error)
      throw error
    }
  }

  #note(actor: Person, id: MeetingId, error: unknown): void {
    // A nonce is asked for at each join, and people wait for a meeting to open.
    if (!(error instanceof TmmsError) || UNREMARKABLE.has(error.code)) return
    const object = () => Promise.resolve(meetingObject(id))
    const reason = error.code
    this.#context.refusals.note(actor, { action: 'meeting-refused', reason, about: id, object })
  }

  async #grant(actor: Person, request: JoinRequest): Promise<JoinGrant> {
    const { account } = actor
    const { origin } = this.#context
    this.#joins.charge(account.id)
    // Before the meeting is looked at, so that a bad proof learns nothing about it.
    const proven = await this.#proofs.verify(request.proof, {
      method: 'POST',
      url: origin + request.path,
    })
    const jkt = proven.thumbprint
    const outcome = await request.store.atomically((rows) =>
      this.#decide(rows, actor, { ...request, proven }),
    )
    if (outcome instanceof TmmsError) throw outcome
    const { meeting, msid, issued, ...admitted } = outcome
    this.#admitted.keep(`${meeting.id} ${account.id} ${jkt}`, this.#context.now())
    const policy = { ...this.#policy, ...admitted }
    const session = { jkt, msid, issuer: origin, issued, policy }
    const claims = claimsFor(account, meeting, session)
    return {
      token: await this.#keys.signToken({ ...claims, aud: [...claims.aud] }),
      mid: meeting.id,
      msid,
      title: meeting.title,
      tcsOrigin: this.#tcsOrigin,
      expiresInS: claims.exp - claims.iat,
      endsAt: new Date(endsAt(meeting)).toISOString(),
    }
  }

  // A refusal is an outcome too: what it took and used stays taken and used.
  async #decide(
    rows: Rows,
    actor: Person,
    request: JoinRequest & { readonly proven: Proven },
  ): Promise<Admitted | TmmsError> {
    const { proven } = request
    try {
      await this.#proofs.use(rows, proven)
      return await this.#admit(rows, actor, { ...request, jkt: proven.thumbprint })
    } catch (error) {
      if (error instanceof TmmsError && error.code !== 'unavailable') return error
      throw error
    }
  }

  // One transaction: what ends a right comes either before it, and is seen, or after it, and covers this token.
  async #admit(
    rows: Rows,
    actor: Person,
    { id, jkt }: JoinRequest & { readonly jkt: string },
  ): Promise<Admitted> {
    const { account } = actor
    const nowMs = this.#context.now()
    const meeting = await this.#enterable(rows, account, id)
    const { pol, suite } = await claimFor(rows, { meeting, account, suite: this.#policy.suite })
    const msid = await rows.meetings.keepSession(id, makeId())
    const issued = await issueTime(rows, { sub: account.id, mid: id }, nowMs)
    await rows.attendance.keep(id, account.id, nowMs)
    if (!this.#admitted.has(`${id} ${account.id} ${jkt}`, nowMs)) {
      const object = meetingObject(id)
      const details = { device: jkt }
      await record(rows, actor, nowMs, { action: 'meeting-admission', object, details })
    }
    return { meeting, msid, issued, pol, suite }
  }

  async #enterable(rows: Rows, account: AccountRecord, id: MeetingId): Promise<MeetingRecord> {
    // Before it is looked for: those who try many at once each find what the others have taken (Q8, Q10).
    await this.#misses.take(rows, account.id)
    const meeting = await rows.meetings.visibleTo(id, account.id)
    const state = meeting === undefined ? 'cancelled' : stateOf(meeting, this.#context.now())
    if (meeting === undefined || state === 'cancelled') throw notFound()
    const over = state === 'ended' && !(await mayGoOn(this.#context, rows, { account, meeting }))
    if (over) throw notFound()
    await this.#misses.giveBack(rows, account.id)
    if (state !== 'planned' || meeting.organiserId === account.id) return meeting
    const opens = new Date(opensAt(meeting)).toISOString()
    throw new TmmsError('meeting-not-open', `The meeting opens at ${opens}.`)
  }
}

interface Admitted {
  readonly meeting: MeetingRecord
  readonly msid: string
  readonly issued: IssueTime
  readonly pol: JoinClaims['pol']
  readonly suite: 1 | 2
}
