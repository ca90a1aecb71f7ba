/** Sign-in sessions: a random token in a cookie, its hash in the store. */
import type { AccountRecord } from '../../store/accounts.ts'
import type { Context } from '../context.ts'
import { hashToken, makeToken } from '../secret.ts'

const HOUR_MS = 3_600_000
const REMEMBERED_MS = 30 * 24 * HOUR_MS
/** The browser forgets the cookie when it is closed; some never are. */
const UNREMEMBERED_MS = 12 * HOUR_MS
export const DEVICE_MS = 400 * 24 * HOUR_MS

export interface NewSession {
  readonly token: string
  /** Null: the cookie ends with the browser. */
  readonly maxAgeMs: number | null
}

export async function openSession(
  { store, now }: Context,
  account: AccountRecord,
  options: { readonly remember: boolean; readonly deviceToken: string },
): Promise<NewSession> {
  const nowMs = now()
  const token = makeToken()
  const expiresAt = nowMs + (options.remember ? REMEMBERED_MS : UNREMEMBERED_MS)
  await store.sessions.purge(nowMs, nowMs - DEVICE_MS)
  await store.sessions.add({
    tokenHash: hashToken(token),
    accountId: account.id,
    createdAt: nowMs,
    expiresAt,
  })
  const device = { deviceHash: hashToken(options.deviceToken), accountId: account.id }
  await store.sessions.rememberDevice({ ...device, seenAt: nowMs })
  return { token, maxAgeMs: options.remember ? REMEMBERED_MS : null }
}

export async function accountOfSession(
  { store, now }: Context,
  token: string | undefined,
): Promise<AccountRecord | undefined> {
  return token === undefined ? undefined : store.sessions.accountOf(hashToken(token), now())
}

export async function closeSession({ store }: Context, token: string | undefined): Promise<void> {
  if (token !== undefined) await store.sessions.remove(hashToken(token))
}
