/** Making, listing and ending API tokens. */
import type { ApiToken } from '../../contract/api-tokens.ts'
import { apiTokenId, type ApiTokenId } from '../../contract/ids.ts'
import { API_TOKEN_NAME_MAX_CHARACTERS } from '../../contract/limits.ts'
import { SCOPES, type Scope } from '../../contract/rights.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { ApiTokenRecord, ListedApiToken } from '../../store/api-tokens.ts'
import type { Rows } from '../../store/store.ts'
import { cleanLine } from '../accounts/clean-line.ts'
import { DAY_MS } from '../accounts/link-life.ts'
import { showEmail } from '../accounts/email.ts'
import type { Actor, Person } from '../audit/actor.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { pageOf, placeOf, type Page, type PageRequest } from '../paging.ts'
import { hashToken, makeId, makeToken } from '../secret.ts'

/** Says what it is wherever it is found. */
const PREFIX = 'hct_'
/** An expired token is told from an unknown one for this long. */
const KEPT_DAYS = 90

/**
 * @returns the secret, which is kept nowhere: `hct_` and 32 random bytes, base64url; it ends with a letter or a digit
 * @throws {TmmsError} `invalid-name`.
 */
export async function makeApiToken(
  { store, now }: Context,
  actor: Person,
  { name, scopes, days }: { name: string; scopes: readonly Scope[]; days: number },
): Promise<{ readonly token: ApiToken; readonly secret: string }> {
  const secret = `${PREFIX}${makeToken()}`
  const nowMs = now()
  const made: ApiTokenRecord = {
    id: apiTokenId.parse(makeId()),
    tokenHash: hashToken(secret),
    accountId: actor.account.id,
    name: cleanApiTokenName(name),
    scopes: SCOPES.filter((scope) => scopes.includes(scope)).join(' '),
    createdAt: nowMs,
    expiresAt: nowMs + days * DAY_MS,
    lastUsedAt: 0,
  }
  await store.atomically(async (rows) => {
    await rows.apiTokens.purge(nowMs - KEPT_DAYS * DAY_MS)
    await rows.apiTokens.add(made)
    await record(rows, actor, nowMs, {
      action: 'api-token-made',
      object: tokenObject(made),
      details: { scopes: scopesOf(made), expiresAt: new Date(made.expiresAt).toISOString() },
    })
  })
  return { token: shown({ ...made, email: actor.account.email }, nowMs), secret }
}

export async function listApiTokens(
  { store, now }: Context,
  { cursor, limit }: PageRequest,
): Promise<Page<ApiToken>> {
  const rows = await store.apiTokens.page(placeOf(cursor), limit + 1)
  const page = pageOf(rows, limit, ({ createdAt, id }) => ({ atMs: createdAt, id }))
  return { ...page, rows: page.rows.map((row) => shown(row, now())) }
}

/** @throws {TmmsError} `not-found`. */
export async function revokeApiToken(
  { store, now }: Context,
  actor: Actor,
  id: ApiTokenId,
): Promise<void> {
  await store.atomically(async (rows) => {
    const token = await rows.apiTokens.byId(id)
    if (token === undefined) throw new TmmsError('not-found', 'There is no such API token.')
    await revoke(rows, actor, now(), token)
  })
}

/** Those of somebody who may administer no longer: nothing brings them back. */
export async function revokeApiTokensOf(
  rows: Rows,
  actor: Actor,
  nowMs: number,
  person: AccountRecord,
): Promise<void> {
  for (const token of await rows.apiTokens.of(person.id)) await revoke(rows, actor, nowMs, token)
}

export function scopesOf({ scopes }: Pick<ApiTokenRecord, 'scopes'>): Scope[] {
  const kept = scopes.split(' ')
  return SCOPES.filter((scope) => kept.includes(scope))
}

async function revoke(
  rows: Rows,
  actor: Actor,
  nowMs: number,
  token: ApiTokenRecord,
): Promise<void> {
  await rows.apiTokens.remove(token.id)
  await record(rows, actor, nowMs, { action: 'api-token-revoked', object: tokenObject(token) })
}

function tokenObject({ id, name }: Pick<ApiTokenRecord, 'id' | 'name'>) {
  return { kind: 'api-token', id, name } as const
}

function shown(token: ListedApiToken, nowMs: number): ApiToken {
  const { id, name, accountId, email, createdAt, expiresAt, lastUsedAt } = token
  return {
    ...{ id, name, scopes: scopesOf(token), creator: { id: accountId, email: showEmail(email) } },
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    expired: expiresAt <= nowMs,
    lastUsedAt: lastUsedAt === 0 ? null : new Date(lastUsedAt).toISOString(),
  }
}

function cleanApiTokenName(text: string): string {
  const name = cleanLine(text)
  if (name.length <= API_TOKEN_NAME_MAX_CHARACTERS && /[\p{L}\p{N}]/u.test(name)) return name
  throw new TmmsError(
    'invalid-name',
    `The name of an API token has 1 to ${API_TOKEN_NAME_MAX_CHARACTERS} characters.`,
    { field: 'name' },
  )
}
