import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountRow } from '../contract/people.ts'
import { PASSWORD_FLOOR } from '../contract/limits.ts'
import type { LinkInfo } from '../contract/sign-in.ts'
import { ORIGIN, PASSWORD, type Browser } from '../../test/browser.ts'
import { credentialFor, follow, tokenOf } from '../../test/links.ts'
import { DAY, MINUTE, openWorld, plan, type World } from '../../test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  await world.administrator()
  await world.person('ada@example.org', 'organiser')
})
afterAll(() => world.close())

const read = (link: string | undefined) =>
  world.browser().call('POST /api/links/read', { token: tokenOf(link) })
// The clock moves between tests, and sessions end with it.
const administrator = async () => {
  const browser = world.browser()
  await browser.signIn('root@example.org')
  return browser
}
/** Enough for every bucket and delay to be as new. */
const rest = () => void (world.clock.nowMs += 2 * DAY)

describe('the first administrator', () => {
  it('is made by the set-up link, once', async () => {
    const fresh = await openWorld()
    const before = await fresh.browser().call('GET /api/status')
    expect(before.body).toMatchObject({ needsSetup: true, product: 'Huisclos', version: '0.1.0' })
    const first = await fresh.tmms.setupLink()
    const second = await fresh.tmms.setupLink()
    expect(second).toMatch(/^https:\/\/meet\.example\.org:8443\/setup#[\w-]{43}$/)
    const stale = await follow(fresh.browser(), first, { email: 'eve@example.org' })
    expect(stale.body.code).toBe('link-unknown')
    const browser = fresh.browser()
    const done = await follow(browser, second, { email: ' Root@Example.org' })
    expect(done.body.account).toMatchObject({ email: 'root@example.org', role: 'administrator' })
    expect((await browser.call('GET /api/me')).body).toEqual(done.body.account)
    expect((await browser.call('GET /api/status')).body.needsSetup).toBe(false)
    expect(await fresh.tmms.setupLink()).toBeNull()
    const again = await follow(fresh.browser(), second, { email: 'eve@example.org' })
    expect([again.status, again.body.code]).toEqual([410, 'link-used'])
    await fresh.close()
  })

  it('is one, when two follow the link at once', async () => {
    const fresh = await openWorld()
    const link = await fresh.tmms.setupLink()
    const tries = ['a@example.org', 'b@example.org'].map((email) =>
      follow(fresh.browser(), link, { email }),
    )
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([200, 410])
    await fresh.close()
  })

  it('needs an address of their own', async () => {
    const fresh = await openWorld()
    const answer = await follow(fresh.browser(), await fresh.tmms.setupLink())
    expect(answer.body).toMatchObject({ code: 'invalid-email', field: 'email' })
    await fresh.close()
  })
})

describe('links', () => {
  const invite = async (email: string) => {
    const body = { email, role: 'user', language: 'fr' }
    const admin = await administrator()
    expect((await admin.call('POST /api/admin/accounts', body)).status).toBe(200)
    return world.lastMail(email).links[0]
  }

  it('tell who they are for, and what to hash with', async () => {
    const info = (await read(await invite('new@example.org'))).body as LinkInfo
    expect(info).toMatchObject({
      purpose: 'validate',
      email: 'new@example.org',
      role: 'user',
      next: null,
      params: { v: 1, kdf: 'argon2id', ...PASSWORD_FLOOR },
    })
    expect(Buffer.from(info.params.salt, 'base64url')).toHaveLength(16)
  })

  it('that are unknown, expired and used have a code each', async () => {
    expect((await read(`${ORIGIN}/welcome#${'A'.repeat(43)}`)).body.code).toBe('link-unknown')
    const old = await invite('late@example.org')
    world.clock.nowMs += 7 * DAY
    expect((await read(old)).body.code).toBe('link-expired')
    expect((await follow(world.browser(), old)).body.code).toBe('link-expired')
    const link = await invite('late@example.org')
    expect((await follow(world.browser(), link)).status).toBe(200)
    const used = await read(link)
    expect([used.status, used.body.code]).toEqual([410, 'link-used'])
  })

  it('of an account that is active already are used, all of them', async () => {
    const one = await invite('twice@example.org')
    const two = await invite('twice@example.org')
    expect((await follow(world.browser(), one)).status).toBe(200)
    expect((await read(two)).body.code).toBe('link-used')
  })

  it('A5 refuse weak parameters and foreign salts', async () => {
    const token = tokenOf(await invite('weak@example.org'))
    const browser = world.browser()
    const { params } = (await browser.call('POST /api/links/read', { token })).body as LinkInfo
    const accept = (changes: object) =>
      browser.call('POST /api/links/accept', {
        token,
        firstName: 'A',
        lastName: 'B',
        language: 'en',
        credential: { ...credentialFor(params), ...changes },
      })
    expect((await accept({ m: PASSWORD_FLOOR.m - 1 })).body.code).toBe('weak-parameters')
    expect((await accept({ t: 0 })).body.code).toBe('weak-parameters')
    expect((await accept({ p: 0 })).body.code).toBe('weak-parameters')
    expect((await accept({ salt: 'A'.repeat(22) })).body.code).toBe('bad-request')
    expect((await accept({ auth: 'A'.repeat(42) })).body.code).toBe('bad-request')
    expect((await accept({ kdf: 'pbkdf2' })).body.code).toBe('bad-request')
    // Nothing of this has used the link up.
    expect((await accept({})).status).toBe(200)
  })

  it('refuse names that are none', async () => {
    const link = await invite('nameless@example.org')
    const answer = await follow(world.browser(), link, { lastName: ' ' })
    expect(answer.body).toMatchObject({ code: 'invalid-name', field: 'lastName' })
  })
})

describe('accounts', () => {
  it('A3 are invited by administrators; an active address is taken', async () => {
    const body = { email: 'ADA@example.org', role: 'user', language: 'en' }
    const answer = await (await administrator()).call('POST /api/admin/accounts', body)
    expect([answer.status, answer.body.code]).toEqual([409, 'account-exists'])
  })

  it('keep role and language when a list invites them again', async () => {
    const admin = await administrator()
    const email = 'jean-michel@example.org'
    const invite = (role: string, language: string) =>
      admin.call('POST /api/admin/accounts', { email, role, language })
    expect((await invite('organiser', 'fr')).body.again).toBe(false)
    const kept = { again: true, account: { role: 'organiser', language: 'fr' } }
    for (const role of ['user', 'administrator'])
      expect((await invite(role, 'en')).body).toMatchObject(kept)
    const all = (await admin.call('GET /api/admin/accounts?q=jean-michel')).body.accounts
    expect(all).toMatchObject([{ role: 'organiser', language: 'fr' }])
    expect(world.lastMail(email).subject).toBe('Votre compte Huisclos')
    const info = (await read(world.lastMail(email).links[0])).body as LinkInfo
    expect(info.role).toBe('organiser')
  })

  it('keep role and language when a meeting invites them', async () => {
    const admin = await administrator()
    const email = 'pending@example.org'
    await admin.call('POST /api/admin/accounts', { email, role: 'organiser', language: 'fr' })
    const ada = world.browser()
    await ada.signIn('ada@example.org')
    await plan(ada, [email], { startsAt: new Date(world.clock.nowMs).toISOString() })
    const all = (await admin.call('GET /api/admin/accounts?q=pending')).body.accounts
    expect(all).toMatchObject([{ role: 'organiser', language: 'fr' }])
  })

  it('are listed newest first and found by name or address', async () => {
    world.clock.nowMs += 1000
    const admin = await administrator()
    await admin.call('POST /api/admin/accounts', {
      email: 'zoe@x.org',
      role: 'user',
      language: 'en',
    })
    const all = (await admin.call('GET /api/admin/accounts')).body.accounts as AccountRow[]
    expect(all[0]).toMatchObject({ email: 'zoe@x.org', state: 'invited' })
    const times = all.map(({ createdAt }) => createdAt)
    expect(times).toEqual(times.toSorted().toReversed())
    expect(all.find(({ email }) => email === 'root@example.org')).toMatchObject({ state: 'active' })
    const found = (await admin.call('GET /api/admin/accounts?q=%C3%81DA%20lov')).body.accounts
    expect(found.length).toBeGreaterThan(0)
    expect((await admin.call('GET /api/admin/accounts?q=nobody')).body.accounts).toEqual([])
    expect((await admin.call('GET /api/admin/accounts?q=a&q=b')).body.code).toBe('bad-request')
  })

  it('keep the language that their owner chooses', async () => {
    const { browser } = await world.person('polyglot@example.org')
    const answer = await browser.call('PATCH /api/me', { language: 'fr' })
    expect(answer.body.language).toBe('fr')
    expect((await browser.call('GET /api/me')).body.language).toBe('fr')
  })
})

describe('signing in', () => {
  it('A1 the salt endpoint answers alike for known and unknown addresses, and always the same', async () => {
    const ask = (email: string) => world.browser().call('POST /api/auth/params', { email })
    const [known, unknown] = [await ask('ada@example.org'), await ask('eve@example.org')]
    const shape = (headers: Headers) => [...headers].filter(([name]) => name !== 'date')
    expect(unknown.status).toBe(known.status)
    expect(unknown.text).toHaveLength(known.text.length)
    expect(shape(unknown.headers)).toEqual(shape(known.headers))
    expect({ ...unknown.body, salt: '' }).toEqual({ ...known.body, salt: '' })
    expect((await ask(' EVE@example.org')).text).toBe(unknown.text)
    expect((await ask('ada@example.org')).text).toBe(known.text)
    expect((await ask('bob@example.org')).text).not.toBe(unknown.text)
  })

  it('A2 a wrong password and an unknown account are refused alike', async () => {
    const wrong = await world.browser().signIn('ada@example.org', 'wrong password')
    const unknown = await world.browser().signIn('eve@example.org')
    expect(wrong.status).toBe(401)
    expect(unknown.status).toBe(401)
    expect(unknown.text).toBe(wrong.text)
    expect(unknown.headers.getSetCookie()).toEqual([])
  })

  it('a remembered session lives 30 days, another one 12 hours and no longer than the browser', async () => {
    const [kept, brief] = [world.browser(), world.browser()]
    const cookies = async (browser: Browser, remember: boolean) => {
      const answer = await browser.signIn('ada@example.org', PASSWORD, remember)
      expect(answer.status).toBe(200)
      return answer.headers.getSetCookie().find((line) => line.startsWith('__Host-session='))
    }
    const [long, short] = [await cookies(kept, true), await cookies(brief, false)]
    expect(long).toMatch(/; Max-Age=2592000; Path=\/; .*HttpOnly; Secure; SameSite=Strict$/)
    expect(short).toMatch(/^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    world.clock.nowMs += 12 * 60 * MINUTE
    expect((await brief.call('GET /api/me')).body.code).toBe('signed-out')
    expect((await kept.call('GET /api/me')).status).toBe(200)
    world.clock.nowMs += 30 * DAY
    expect((await kept.call('GET /api/me')).body.code).toBe('signed-out')
  })

  it('signing out ends the session on the server too', async () => {
    const browser = world.browser()
    await browser.signIn('ada@example.org')
    const cookie = browser.cookies.get('__Host-session') ?? ''
    expect((await browser.call('POST /api/auth/logout', {})).status).toBe(200)
    expect(browser.cookies.has('__Host-session')).toBe(false)
    browser.cookies.set('__Host-session', cookie)
    expect((await browser.call('GET /api/me')).status).toBe(401)
  })

  it('signing in anew ends the session that was there', async () => {
    const browser = world.browser()
    await browser.signIn('ada@example.org')
    const before = browser.cookies.get('__Host-session') ?? ''
    await browser.signIn('ada@example.org')
    expect(browser.cookies.get('__Host-session')).not.toBe(before)
    browser.cookies.set('__Host-session', before)
    expect((await browser.call('GET /api/me')).status).toBe(401)
  })

  it('A4 too many failures are answered with the time to wait', async () => {
    rest()
    const attacker = world.browser()
    for (let n = 0; n < 5; n += 1) await attacker.signIn('eve@example.org', 'guess')
    const answer = await attacker.signIn('eve@example.org')
    expect([answer.status, answer.body.code]).toEqual([429, 'too-many-tries'])
    expect(answer.body.retryAfterS).toBe(60)
    expect(answer.headers.get('retry-after')).toBe('60')
  })

  it('A8 what the database holds signs nobody in', async () => {
    const db = new DatabaseSync(join(world.dataDir, 'huisclos.db'))
    const columns = ['salt', 's2', 'stored'] as const
    const row = db
      .prepare(
        'SELECT c.* FROM credentials c JOIN accounts a ON a.id = c.account_id WHERE a.email = ?',
      )
      .get('ada@example.org') as Record<string, string>
    for (const column of columns) {
      const auth = (row[column] ?? '').padEnd(43, 'A').slice(0, 43)
      const body = { email: 'ada@example.org', v: 1, auth, remember: false }
      expect((await world.browser().call('POST /api/auth/login', body)).status).not.toBe(200)
    }
    const session = db.prepare('SELECT token_hash FROM sessions LIMIT 1').get()
    const thief = world.browser()
    thief.cookies.set('__Host-session', String(session?.['token_hash']))
    expect((await thief.call('GET /api/me')).status).toBe(401)
    db.close()
    const files = ['pepper', 'fake-salt'].map((name) =>
      readFileSync(join(world.dataDir, 'keys', name)),
    )
    const dump = readFileSync(join(world.dataDir, 'huisclos.db'))
    for (const file of files) expect(dump.includes(file)).toBe(false)
  })

  it('a disabled account is out at once and cannot come back', async () => {
    const here = await openWorld()
    await here.administrator()
    const { browser, account } = await here.person('gone@example.org')
    const db = new DatabaseSync(join(here.dataDir, 'huisclos.db'))
    db.prepare("UPDATE accounts SET state = 'disabled' WHERE id = ?").run(account.id)
    db.close()
    expect((await browser.call('GET /api/me')).body.code).toBe('signed-out')
    expect((await browser.signIn('gone@example.org')).body.code).toBe('wrong-credentials')
    const before = here.mails.length
    expect((await browser.call('POST /api/auth/reset', { email: account.email })).status).toBe(200)
    await here.tmms.close()
    expect(here.mails).toHaveLength(before)
    await here.close()
  })
})

describe('A7 choosing a new password', () => {
  const ask = (email: string) => world.browser().call('POST /api/auth/reset', { email })
  const mailFor = (email: string, count: number) =>
    expect
      .poll(() => world.mails.filter(({ to }) => to === email).length, { interval: 5 })
      .toBe(count)

  it('A3 is answered alike whether or not the account exists', async () => {
    const [known, unknown] = [await ask('ada@example.org'), await ask('nobody@example.org')]
    expect(unknown.status).toBe(200)
    expect([unknown.text, unknown.status]).toEqual([known.text, known.status])
    expect([...unknown.headers.keys()]).toEqual([...known.headers.keys()])
  })

  it('works once, for 30 minutes, and ends every session and the old password', async () => {
    const { browser, account } = await world.person('forgetful@example.org')
    await ask(account.email)
    await mailFor(account.email, 2)
    const expired = world.lastMail(account.email).links[0]
    world.clock.nowMs += 30 * MINUTE
    expect((await read(expired)).body.code).toBe('link-expired')
    await ask(account.email)
    await mailFor(account.email, 3)
    const link = world.lastMail(account.email).links[0]
    const info = (await read(link)).body as LinkInfo
    expect(info).toMatchObject({ purpose: 'reset', email: account.email, firstName: 'Ada' })
    const credential = credentialFor(info.params, 'another long password')
    const more = { firstName: 'Mallory', lastName: 'X', language: 'en', credential }
    const accept = { token: tokenOf(link), ...more }
    const fresh = world.browser()
    const done = await fresh.call('POST /api/links/accept', accept)
    expect(done.body.account.firstName).toBe('Ada')
    expect((await browser.call('GET /api/me')).body.code).toBe('signed-out')
    expect((await fresh.call('GET /api/me')).status).toBe(200)
    expect((await world.browser().signIn(account.email)).status).toBe(401)
    expect((await world.browser().signIn(account.email, 'another long password')).status).toBe(200)
    expect((await read(link)).body.code).toBe('link-used')
  })

  it('mails the validation link again to somebody who never followed it', async () => {
    const body = { email: 'sleepy@example.org', role: 'user', language: 'en' }
    await (await administrator()).call('POST /api/admin/accounts', body)
    await ask('sleepy@example.org')
    await mailFor('sleepy@example.org', 2)
    expect((await follow(world.browser(), world.lastMail(body.email).links[0])).status).toBe(200)
  })

  it('A4 does not flood a mailbox, and says nothing of it', async () => {
    const here = await openWorld()
    await here.administrator()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        here.browser().call('POST /api/auth/reset', { email: 'root@example.org' }),
      ),
    )
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    await here.tmms.close()
    expect(here.mails.map(({ to }) => to)).toEqual(Array<string>(3).fill('root@example.org'))
    await here.close()
  })
})

describe('M1 ids', () => {
  it('of accounts and meetings are 128 random bits', async () => {
    const organiser = world.browser()
    await organiser.signIn('ada@example.org')
    const startsAt = new Date(world.clock.nowMs).toISOString()
    const ids = await Promise.all([1, 2, 3].map(() => plan(organiser, [], { startsAt })))
    for (const { id } of ids) expect(id).toMatch(/^[\w-]{22}$/)
    expect(new Set(ids.map(({ id }) => id.slice(0, 6))).size).toBe(3)
  })
})
