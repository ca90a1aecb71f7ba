/** Sign-in sessions: a random token in a cookie, its hash in the store. */
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { Rows } from '../../store/store.ts'
import { endingAccess } from '../access-ends.ts'
import type { Actor, Person } from '../audit/actor.ts'
import { accountObject, record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { hashToken, makeToken } from '../secret.ts'
import { sessionLengths } from '../security/session-lengths.ts'

export const DEVICE_MS = 400 * 24 * 3_600_000
/** That a session is used is written down no more often than this. */
const USE_NOTED_MS = 60_000

export interface NewSession {
  readonly token: string
  /** Null: the cookie ends with the browser. */
  readonly maxAgeMs: number | null
}

/** Somebody who has shown the right credential. */
export interface Verified {
  readonly account: AccountRecord
  /** The stored credential that it was right for. */
  readonly stored: string
}

export interface SessionOptions {
  readonly remember: boolean
  readonly deviceToken: string
  /** Network address of the request. */
  readonly from: string
  /** How the person showed who they are. */
  readonly by: 'password' | 'link'
}

/** @throws {TmmsError} `wrong-credentials` when the credential was changed, or the account ended, meanwhile. */
export async function openSession(
  { store, now }: Context,
  { account, stored }: Verified,
  options: SessionOptions,
): Promise<NewSession> {
  const nowMs = now()
  const token = makeToken()
  const accountId = account.id
  const lifeMs = await store.atomically(async (rows) => {
    // Checking took a while: a reset during it has ended every session, and this one would outlive it.
    await stillHolds(rows, { account, stored })
    await rows.sessions.purge(nowMs, nowMs - DEVICE_MS)
    const { idleMs, rememberedMs, unrememberedMs } = await sessionLengths(rows)
    // The browser forgets the cookie when it is closed; some never are.
    const lifeMs = options.remember ? rememberedMs : unrememberedMs
    await rows.sessions.add({
      tokenHash: hashToken(token),
      accountId,
      createdAt: nowMs,
      expiresAt: nowMs + lifeMs,
      remembered: options.remember ? 1 : 0,
      usedAt: nowMs,
      idleMs,
    })
    await rows.accounts.signedIn(accountId, nowMs)
    const deviceHash = hashToken(options.deviceToken)
    const { remember, by, from } = options
    const knownDevice = await rows.sessions.knowsDevice(deviceHash, account.email)
    await record(rows, { account, from }, nowMs, {
      action: 'sign-in',
      object: accountObject(account),
      details: { by, remember, knownDevice },
    })
    await rows.sessions.rememberDevice({ deviceHash, accountId, seenAt: nowMs })
    return lifeMs
  })
  return { token, maxAgeMs: options.remember ? lifeMs : null }
}

async function stillHolds(rows: Rows, { account, stored }: Verified): Promise<void> {
  const current = await rows.accounts.credentialOf(account.id)
  const state = (await rows.accounts.byId(account.id))?.state
  if (state === 'active' && current?.stored === stored) return
  throw wrongCredentials()
}

export function wrongCredentials(): TmmsError {
  return new TmmsError('wrong-credentials', 'The e-mail address or the password is wrong.')
}

/** Counts as use of the session. */
export async function accountOfSession(
  { store, now }: { readonly store: Rows; readonly now: () => number },
  token: string | undefined,
): Promise<AccountRecord | undefined> {
  if (token === undefined) return undefined
  const [tokenHash, nowMs] = [hashToken(token), now()]
  const session = await store.sessions.find(tokenHash, nowMs)
  if (session === undefined) return undefined
  const { account, idleMs, usedAt } = session
  if (idleMs !== null && nowMs >= usedAt + USE_NOTED_MS) await store.sessions.used(tokenHash, nowMs)
  return account
}

/** Ends every session of the account, what was opened with them, and what its browsers were known by. */
export async function closeAllSessions(context: Context, actor: Person): Promise<void> {
  const { id } = actor.account
  await endingAccess(context, async (rows, end) => {
    await rows.sessions.revokeAll(id)
    const object = accountObject(actor.account)
    await record(rows, actor, context.now(), { action: 'sign-out-everywhere', object })
    await end({ sub: id, reason: 'signed-out' })
  })
}

export async function closeSession(
  { store, now }: Context,
  actor: Actor,
  token: string | undefined,
): Promise<void> {
  if (token === undefined) return
  await store.atomically(async (rows) => {
    const account = await accountOfSession({ store: rows, now }, token)
    await rows.sessions.remove(hashToken(token))
    if (account === undefined) return
    const object = accountObject(account)
    await record(rows, { ...actor, account }, now(), { action: 'sign-out', object })
  })
}
