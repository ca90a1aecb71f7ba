import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SCOPES } from '../contract/rights.ts'
import type { AuditEntry } from '../contract/audit.ts'
import { codeOf, type Browser } from '../../test/browser.ts'
import { DAY, MINUTE, openWorld, type World } from '../../test/world.ts'

let world: World
let administrator: Browser
beforeEach(async () => {
  world = await openWorld()
  administrator = await world.administrator()
})
afterEach(() => world.close())

interface Made {
  readonly secret: string
  readonly token: { readonly id: string; readonly expiresAt: string }
}

async function make(body: object = {}, by = administrator): Promise<Made> {
  const whole = { name: 'Script', scopes: ['people:read'], ...body }
  const answer = await by.call('POST /api/admin/api-tokens', whole)
  expect(answer.status).toBe(200)
  return answer.body as Made
}

async function use(secret: string, route = 'GET /api/admin/accounts', body?: unknown, id = '') {
  const headers = { authorization: `Bearer ${secret}` }
  const answer = await world.browser().call(route, body, { id, headers })
  return { ...answer, code: codeOf(answer) }
}

async function list(by = administrator) {
  return (await by.call('GET /api/admin/api-tokens')).body.tokens as Record<string, unknown>[]
}

async function entries(action: string) {
  const answer = await administrator.call(`GET /api/admin/audit?action=${action}`)
  return answer.body.entries as AuditEntry[]
}

/** All that the database has of somebody's way in. */
function keptOf(id: string): unknown {
  const database = new DatabaseSync(join(world.dataDir, 'huisclos.db'), { readOnly: true })
  const all = (text: string) => database.prepare(text).all(id)
  const kept = [
    all('select * from accounts where id = ?'),
    all('select * from credentials where account_id = ?'),
    all('select * from links where account_id = ?'),
    all('select * from sessions where account_id = ?'),
  ]
  database.close()
  return kept
}

/** A second administrator, so that the first can be suspended, demoted or deleted. */
async function another() {
  const { browser, account } = await world.person('second@example.org', 'administrator')
  return { browser, id: account.id }
}

describe('an API token', () => {
  it('T7 is shown once, ends with a letter or a digit, and is kept as a hash only', async () => {
    const { secret } = await make()
    expect(secret).toMatch(/^hct_[A-Za-z0-9_-]{42}[A-Za-z0-9]$/)
    expect(await use(secret)).toMatchObject({ code: 'ok' })
    expect(JSON.stringify(await list())).not.toContain(secret.slice(4))
    const database = new DatabaseSync(join(world.dataDir, 'huisclos.db'), { readOnly: true })
    const rows = database.prepare('select * from api_tokens').all()
    const log = database.prepare('select line from audit_entries').all()
    database.close()
    expect(rows).toHaveLength(1)
    expect(JSON.stringify([rows, log, world.logLines])).not.toContain(secret.slice(4))
  })

  it('lives 90 days unless it is said otherwise, and a year at most', async () => {
    const life = ({ token }: Made) => (Date.parse(token.expiresAt) - world.clock.nowMs) / DAY
    expect(life(await make())).toBe(90)
    expect(life(await make({ days: 365 }))).toBe(365)
    for (const days of [0, 366, 1.5]) {
      const body = { name: 'Long', scopes: ['audit:read'], days }
      const answer = await administrator.call('POST /api/admin/api-tokens', body)
      expect([answer.body.code, answer.body.field]).toEqual(['bad-request', 'days'])
    }
  })

  it.each(['', ' \u200b ', 'x'.repeat(81), '✓'])(
    'has a name that can be read, not %j',
    async (name) => {
      const body = { name, scopes: ['audit:read'] }
      const answer = await administrator.call('POST /api/admin/api-tokens', body)
      expect([answer.body.code, answer.body.field]).toEqual(['invalid-name', 'name'])
    },
  )

  it('has scopes of the closed set, at least one', async () => {
    for (const [scopes, field] of [
      [[], 'scopes'],
      [['everything'], 'scopes.0'],
    ]) {
      const answer = await administrator.call('POST /api/admin/api-tokens', { name: 'A', scopes })
      expect([answer.body.code, answer.body.field]).toEqual(['bad-request', field])
    }
    await make({ scopes: ['people:write', 'people:read', 'people:read'] })
    expect((await list())[0]).toMatchObject({ scopes: ['people:read', 'people:write'] })
  })

  it('T7 that expired says so, and since when', async () => {
    const { secret, token } = await make({ days: 1 })
    world.clock.nowMs += DAY - 1
    expect((await use(secret)).code).toBe('ok')
    world.clock.nowMs += 1
    const answer = await use(secret)
    expect(answer.code).toBe('token-expired')
    expect(answer.body.message).toContain(token.expiresAt)
    expect(answer.headers.get('www-authenticate')).toContain('invalid_token')
    await administrator.signIn('root@example.org')
    expect((await list())[0]).toMatchObject({ expired: true })
  })

  it('T7 that is revoked is worth nothing from then on, whoever revokes it', async () => {
    const { secret, token } = await make()
    const second = await another()
    const revoke = () =>
      second.browser.call('POST /api/admin/api-tokens/:id/revoke', {}, { id: token.id })
    expect((await revoke()).status).toBe(200)
    expect((await use(secret)).code).toBe('token-unknown')
    expect((await revoke()).body.code).toBe('not-found')
    expect(await list()).toEqual([])
  })

  it('tells to the minute when it was used last', async () => {
    const { secret } = await make()
    expect((await list())[0]).toMatchObject({ lastUsedAt: null })
    world.clock.nowMs += 90_500
    await use(secret)
    const minute = new Date(world.clock.nowMs - (world.clock.nowMs % MINUTE)).toISOString()
    await expect.poll(async () => (await list())[0]?.['lastUsedAt']).toBe(minute)
    world.clock.nowMs += 20_000
    await use(secret)
    expect((await list())[0]).toMatchObject({ lastUsedAt: minute })
  })

  it('is taken from the Authorization header only, never from an address or a body', async () => {
    const { secret } = await make()
    for (const query of [
      `access_token=${secret}`,
      `token=${secret}`,
      `authorization=Bearer ${secret}`,
    ]) {
      const answer = await world.browser().call(`GET /api/admin/accounts?${query}`)
      expect(answer.body.code).toBe('signed-out')
    }
    const basic = { authorization: `Basic ${btoa(`x:${secret}`)}` }
    const answer = await world
      .browser()
      .call('GET /api/admin/accounts', undefined, { headers: basic })
    expect(answer.body.code).toBe('signed-out')
  })

  it('T7 refuses those who try unknown ones, and lets whoever has a good one pass', async () => {
    const { secret } = await make()
    const codes = new Set<string>()
    for (let tries = 0; tries < 31; tries += 1) codes.add((await use('hct_'.padEnd(47, 'B'))).code)
    expect([...codes]).toEqual(['token-unknown', 'too-many-tries'])
    expect((await use(secret)).code).toBe('ok')
    await expect
      .poll(async () => (await entries('access-refused')).map(({ details }) => details['reason']))
      .toContain('token-unknown')
  })
})

describe('the creator of an API token', () => {
  const role = (to: string) => ({ version: 2, role: to })

  it.each([
    ['suspended', 'POST /api/admin/accounts/:id/suspend', {}],
    ['demoted', 'PATCH /api/admin/accounts/:id', role('organiser')],
    ['deleted', 'POST /api/admin/accounts/:id/delete', { meetings: 'cancel' }],
  ])('T7 %s takes it along at once, and for good', async (how, route, body) => {
    const { browser, id } = await another()
    const { secret } = await make({}, browser)
    expect((await use(secret)).code).toBe('ok')
    const { version } = (await administrator.call('GET /api/admin/accounts/:id', undefined, { id }))
      .body
    const whole = 'version' in body ? { ...body, version: version as number } : body
    expect((await administrator.call(route, whole, { id })).status).toBe(200)
    expect((await use(secret)).code).toBe('token-unknown')
    if (how === 'suspended')
      await administrator.call('POST /api/admin/accounts/:id/resume', {}, { id })
    expect((await use(secret)).code).toBe('token-unknown')
    expect(await list()).toEqual([])
    expect(await entries('api-token-revoked')).toHaveLength(1)
  })
})

describe('what is done by an API token', () => {
  it('stands in the audit log with its name, beside whose it is', async () => {
    const { secret } = await make({ name: 'Directory', scopes: ['people:write'] })
    const invitation = { email: 'new@example.org', role: 'user', language: 'en' }
    expect((await use(secret, 'POST /api/admin/accounts', invitation)).code).toBe('ok')
    const [entry] = await entries('account-invited')
    const { id } = (await list())[0]?.['creator'] as { id: string }
    const name = 'root@example.org (Directory)'
    expect(entry?.actor).toEqual({ kind: 'api-token', id, name })
    const [made] = await entries('api-token-made')
    expect(made).toMatchObject({
      actor: { kind: 'account', name: 'root@example.org' },
      object: { kind: 'api-token', name: 'Directory' },
      details: { scopes: ['people:write'] },
    })
  })

  it('T8 never makes or changes an administrator, nor says where mails go', async () => {
    const { id } = await another()
    const { secret } = await make({ scopes: SCOPES })
    const invitation = { email: 'new@example.org', role: 'administrator', language: 'en' }
    const { account } = await world.person('user@example.org')
    const promotion = { version: 2, role: 'administrator' }
    for (const [route, body, of] of [
      ['POST /api/admin/accounts', invitation, ''],
      ['POST /api/admin/accounts/:id/suspend', {}, id],
      ['POST /api/admin/accounts/:id/sign-out', {}, id],
      ['PATCH /api/admin/accounts/:id', { version: 2, email: 'evil@example.org' }, id],
      ['PATCH /api/admin/accounts/:id', promotion, account.id],
      ['PUT /api/admin/settings/mail', { version: 0, host: 'smtp.evil.example' }, ''],
    ] as const) {
      const current = await use(secret, 'GET /api/admin/accounts/:id', undefined, of)
      const { version } = current.body as { version?: number }
      const whole = 'version' in body && version !== undefined ? { ...body, version } : body
      expect([route, (await use(secret, route, whole, of)).code]).toEqual([route, 'token-scope'])
    }
    const many = { ids: [account.id], action: { do: 'role', role: 'administrator' } }
    const bulk = await use(secret, 'POST /api/admin/accounts/bulk', many)
    expect(bulk.body.results).toEqual(['token-scope'])
  })

  it.each(['active', 'invited', 'suspended'] as const)(
    'T8 changes nothing of an administrator who is %s, and mails them nothing',
    async (state) => {
      const email = 'second@example.org'
      const invitation = { email, role: 'administrator', language: 'en' }
      if (state === 'invited') await administrator.call('POST /api/admin/accounts', invitation)
      else await world.person(email, 'administrator')
      const listed = await administrator.call('GET /api/admin/accounts?q=second')
      const id = String(listed.body.accounts[0].id)
      if (state === 'suspended') {
        await administrator.call('POST /api/admin/accounts/:id/suspend', {}, { id })
      }
      const { account: mine } = await world.person('mine@example.org', 'organiser')
      const { secret } = await make({ scopes: SCOPES })
      const kept = keptOf(id)
      const mailed = world.mails.length

      const read = await use(secret, 'GET /api/admin/accounts/:id', undefined, id)
      const { version } = read.body as { version: number }
      const plain = { email, role: 'user', language: 'fr' }
      const codes: unknown[] = []
      for (const [route, body] of [
        ...[
          { email: 'evil@example.org' },
          { firstName: 'Evil' },
          { language: 'fr' },
          { role: 'user' },
        ].map((change) => ['PATCH /api/admin/accounts/:id', { version, ...change }] as const),
        ['POST /api/admin/accounts/:id/suspend', {}],
        ['POST /api/admin/accounts/:id/resume', {}],
        ['POST /api/admin/accounts/:id/sign-out', {}],
        ['POST /api/admin/accounts/:id/invite', {}],
        ['POST /api/admin/accounts/:id/withdraw', {}],
        ['POST /api/admin/accounts/:id/delete', { meetings: 'hand-over', to: mine.id }],
        ['POST /api/admin/accounts', plain],
        ['POST /api/auth/reset', { email }],
      ] as const) {
        codes.push((await use(secret, route, body, id)).code)
      }
      for (const action of [
        { do: 'role', role: 'user' },
        ...['suspend', 'resume', 'sign-out', 'invite', 'withdraw'].map((deed) => ({ do: deed })),
        { do: 'delete', meetings: 'hand-over', to: mine.id },
      ]) {
        const many = await use(secret, 'POST /api/admin/accounts/bulk', { ids: [id], action })
        codes.push(...(many.body.results as unknown[]))
      }
      const listing = { people: [plain, { ...plain, role: 'administrator' }] }
      const invited = await use(secret, 'POST /api/admin/accounts/invite', listing)
      for (const [problem] of invited.body.results as [{ code: string }?][]) {
        codes.push(problem?.code ?? null)
      }
      // Those who are no longer invited are not invited, whoever asks.
      const others = ['wrong-state', 'account-exists']
      expect(codes.filter((one) => one !== 'token-scope' && !others.includes(String(one)))).toEqual(
        [],
      )
      expect(codes).toHaveLength(21)
      expect(keptOf(id)).toEqual(kept)
      await world.tmms.sendDueMails()
      expect(world.mails).toHaveLength(mailed)
    },
  )

  it('T8 keeps neither the password of the mail server nor the rule of passwords', async () => {
    const { secret } = await make({ scopes: SCOPES })
    const rule = await use(secret, 'PUT /api/admin/settings/passwords', { version: 0 })
    const password = await use(secret, 'PUT /api/admin/mail/password', { password: 'x' })
    expect([rule.code, password.code]).toEqual(['token-scope', 'token-scope'])
  })
})
