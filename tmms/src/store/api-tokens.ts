/** API tokens, by the hash of what was shown once. */
import type { Kysely, Selectable } from 'kysely'
import type { AccountId, ApiTokenId } from '../contract/ids.ts'
import type { Place } from '../domain/paging.ts'
import type { ApiTokenTable } from './account-tables.ts'
import type { Tables } from './tables.ts'

export type ApiTokenRecord = Selectable<ApiTokenTable>
/** With the address of whoever made it. */
export type ListedApiToken = ApiTokenRecord & { readonly email: string }

export interface ApiTokenStore {
  add(token: ApiTokenRecord): Promise<void>
  byHash(tokenHash: string): Promise<ApiTokenRecord | undefined>
  byId(id: ApiTokenId): Promise<ApiTokenRecord | undefined>
  /** Newest first, behind `place`. */
  page(place: Place | null, limit: number): Promise<readonly ListedApiToken[]>
  of(accountId: AccountId): Promise<readonly ApiTokenRecord[]>
  /** Unless it was used since `beforeMs`. */
  used(id: ApiTokenId, atMs: number, beforeMs: number): Promise<void>
  remove(id: ApiTokenId): Promise<void>
  /** Those that expired before then. */
  purge(expiredBeforeMs: number): Promise<void>
}

export function apiTokenStore(db: Kysely<Tables>): ApiTokenStore {
  return {
    add: async (token) => {
      await db.insertInto('apiTokens').values(token).execute()
    },
    byHash: (tokenHash) => {
      const query = db.selectFrom('apiTokens').selectAll().where('tokenHash', '=', tokenHash)
      return query.executeTakeFirst()
    },
    byId: (id) => db.selectFrom('apiTokens').selectAll().where('id', '=', id).executeTakeFirst(),
    page: (place, limit) => page(db, place, limit),
    of: (accountId) => {
      const query = db.selectFrom('apiTokens').selectAll().where('accountId', '=', accountId)
      return query.orderBy('createdAt').execute()
    },
    used: async (id, atMs, beforeMs) => {
      const query = db.updateTable('apiTokens').set({ lastUsedAt: atMs }).where('id', '=', id)
      await query.where('lastUsedAt', '<', beforeMs).execute()
    },
    remove: async (id) => {
      await db.deleteFrom('apiTokens').where('id', '=', id).execute()
    },
    purge: async (expiredBeforeMs) => {
      await db.deleteFrom('apiTokens').where('expiresAt', '<', expiredBeforeMs).execute()
    },
  }
}

function page(
  db: Kysely<Tables>,
  place: Place | null,
  limit: number,
): Promise<readonly ListedApiToken[]> {
  let query = db
    .selectFrom('apiTokens')
    .innerJoin('accounts', 'accounts.id', 'apiTokens.accountId')
    .selectAll('apiTokens')
    .select('accounts.email')
  if (place !== null) {
    const { atMs, id } = place
    const tokenId = id as ApiTokenId
    query = query.where((eb) => {
      const sameMoment = eb('apiTokens.createdAt', '=', atMs).and('apiTokens.id', '<', tokenId)
      return eb('apiTokens.createdAt', '<', atMs).or(sameMoment)
    })
  }
  return query
    .orderBy('apiTokens.createdAt', 'desc')
    .orderBy('apiTokens.id', 'desc')
    .limit(limit)
    .execute()
}
