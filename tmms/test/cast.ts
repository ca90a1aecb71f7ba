/** People with a session, and API tokens, written straight into the store: many, and at once. */
import { groupId, type AccountId, type GroupId } from '../src/contract/ids.ts'
import type { Role } from '../src/contract/accounts.ts'
import { SCOPES } from '../src/contract/rights.ts'
import { apiTokenId, type ApiTokenId } from '../src/contract/ids.ts'
import { hashToken, makeId, makeToken } from '../src/domain/secret.ts'
import type { AccountState } from '../src/store/account-tables.ts'
import type { Store } from '../src/store/store.ts'
import type { Browser } from './browser.ts'
import { DAY, type World } from './world.ts'

export interface Member {
  readonly id: AccountId
  readonly email: string
  readonly browser: Browser
}

export class Cast {
  readonly #world: World
  readonly #store: () => Store
  #count = 0

  constructor(world: World, store: () => Store) {
    this.#world = world
    this.#store = store
  }

  /** Such as `name-7`: nobody and nothing has it yet. */
  fresh(word: string): string {
    this.#count += 1
    return `${word}-${this.#count}`
  }

  async member(role: Role, state: AccountState = 'active'): Promise<Member> {
    const [store, nowMs] = [this.#store(), this.#world.clock.nowMs]
    const [id, email] = [makeId() as AccountId, `${this.fresh(role)}@cast.example`]
    const names = { firstName: 'Ada', lastName: 'Lovelace', language: 'en' as const }
    await store.accounts.add({ id, email, role, state, ...names, createdAt: nowMs })
    const token = makeToken()
    const life = { createdAt: nowMs, expiresAt: nowMs + DAY, usedAt: nowMs, idleMs: null }
    await store.sessions.add({ tokenHash: hashToken(token), accountId: id, ...life, remembered: 1 })
    const browser = this.#world.browser()
    browser.cookies.set('__Host-session', token)
    return { id, email, browser }
  }

  /** With every scope, until one second from now. */
  async token(accountId: AccountId): Promise<{ readonly id: ApiTokenId; readonly secret: string }> {
    const [id, secret] = [apiTokenId.parse(makeId()), `hct_${makeToken()}`]
    const { nowMs } = this.#world.clock
    const times = { createdAt: nowMs, expiresAt: nowMs + 1_000, lastUsedAt: nowMs }
    const what = { name: this.fresh('token'), scopes: SCOPES.join(' ') }
    const tokenHash = hashToken(secret)
    await this.#store().apiTokens.add({ id, tokenHash, accountId, ...what, ...times })
    return { id, secret }
  }

  async group(members: readonly AccountId[] = []): Promise<GroupId> {
    const [id, name] = [groupId.parse(makeId()), this.fresh('group')]
    const { groups } = this.#store()
    const { nowMs: createdAt } = this.#world.clock
    await groups.add({
      id,
      name,
      plainName: name,
      domains: [],
      restrictions: '{}',
      createdAt,
      version: 1,
    })
    await groups.addMembers(id, members, createdAt)
    return id
  }

  /** One that no server takes for an hour. */
  async mail(): Promise<string> {
    const { nowMs } = this.#world.clock
    const id = makeId()
    await this.#store().mails.add({
      ...{ id, kind: 'test', recipient: 'ada@cast.example', language: 'en', content: 'sealed' },
      ...{ state: 'waiting', createdAt: nowMs, nextTryAt: nowMs + 3_600_000 },
      ...{ giveUpAt: nowMs + DAY, tries: 1, triedAt: nowMs, answer: '', endedAt: null },
      ...{ about: '', reached: 0 },
    })
    return id
  }
}
