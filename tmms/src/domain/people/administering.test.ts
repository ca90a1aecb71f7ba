import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { apiTokenId, type AccountId } from '../../contract/ids.ts'
import { sqliteDialect } from '../../store/sqlite.ts'
import { openStore, type Store } from '../../store/store.ts'
import { Passwords } from '../accounts/password.ts'
import { makeApiToken } from '../api-tokens/api-token.ts'
import type { Actor, Person } from '../audit/actor.ts'
import type { Context } from '../context.ts'
import { sealWith } from '../seal.ts'
import { actOnMany } from './bulk.ts'
import { inviteMany } from './invite.ts'

const NOW_MS = 1_790_000_000_000
const token = { id: apiTokenId.parse('t'.repeat(22)), name: 'Directory' }

let store: Store
let context: Context
/** As each was let in at the start of a request. */
let inPerson: Person
let byToken: Actor
beforeEach(async () => {
  store = await openStore(sqliteDialect(':memory:'))
  context = {
    store,
    passwords: new Passwords({ pepper: randomBytes(32), fakeSaltKey: randomBytes(32) }),
    seal: sealWith(randomBytes(32)),
    now: () => NOW_MS,
    origin: 'https://meet.example.org',
    rootThumbprint: '',
    timeZone: 'UTC',
    later: () => undefined,
    onAccessEnded: () => undefined,
    presence: { count: () => 0, peersIn: () => Promise.resolve([]) },
    maxOverrunHours: 12,
    smtp: null,
    onMailQueued: () => undefined,
    refusals: { note: () => undefined },
  }
  for (const [id, role] of [
    ['root', 'administrator'],
    ['user', 'user'],
  ] as const) {
    const names = { firstName: 'A', lastName: 'B', language: 'en' as const }
    const email = `${id}@example.org`
    const fresh = { ...names, email, role, state: 'active' as const, createdAt: NOW_MS }
    await store.accounts.add({ id: id as AccountId, ...fresh })
  }
  await store.apiTokens.add({
    ...token,
    tokenHash: 'h',
    accountId: 'root' as AccountId,
    scopes: 'people:write',
    createdAt: NOW_MS,
    expiresAt: NOW_MS + 1,
    lastUsedAt: 0,
  })
  const account = await store.accounts.byId('root' as AccountId)
  inPerson = { account: account!, from: '192.0.2.1' }
  byToken = { ...inPerson, token }
})
afterEach(() => store.close())

const codesFor = async (actor: Actor): Promise<unknown[]> => {
  const ids = ['user' as AccountId]
  const invitation = { role: 'user', language: 'en' }
  const people = ['a', 'b'].map((name) => ({ ...invitation, email: `${name}@example.org` }))
  const invited = await inviteMany(context, actor, people)
  const done = await actOnMany(context, actor, { ids, action: { do: 'sign-out' } })
  return [...invited.map(([problem]) => problem?.code ?? null), ...done]
}
const refused = Array<string>(3).fill('not-allowed')

it('T7 a long request goes on while whoever sent it may administer', async () => {
  expect(await codesFor(inPerson)).toEqual([null, null, null])
  expect(await codesFor(byToken)).toEqual([null, null, null])
})

it('T7 a long request does nothing more once whoever sent it is suspended', async () => {
  await store.accounts.change('root' as AccountId, { state: 'disabled' })
  expect(await codesFor(inPerson)).toEqual(refused)
  expect(await store.accounts.byEmail('a@example.org')).toBeUndefined()
})

it('T7 a long request does nothing more once its API token is revoked', async () => {
  await store.apiTokens.remove(token.id)
  expect(await codesFor(byToken)).toEqual(refused)
  expect(await codesFor(inPerson)).toEqual([null, null, null])
})

it('T7 who is suspended in the same moment leaves no API token behind', async () => {
  const wanted = { name: 'Script', scopes: ['audit:read'] as const, days: 90 }
  await store.accounts.change('root' as AccountId, { state: 'disabled' })
  const making = makeApiToken(context, inPerson, wanted)
  await expect(making).rejects.toMatchObject({ code: 'not-allowed' })
  expect(await store.apiTokens.of('root' as AccountId)).toMatchObject([{ id: token.id }])
})
