/** Settings about sessions, passwords, links and domains: what they change, and since when. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, type Browser } from '../../test/browser.ts'
import { follow, tokenOf } from '../../test/links.ts'
import { putGroupsOf, putSettings } from '../../test/saving.ts'
import { DAY, MINUTE, START, openWorld, plan, type World } from '../../test/world.ts'

const HOUR = 60 * MINUTE

let world: World
let admin: Browser
beforeEach(async () => {
  world = await openWorld()
  admin = await world.administrator()
})
afterEach(() => world.close())

const put = (area: string, body: object) => putSettings(admin, area, body)
async function set(area: string, body: object): Promise<void> {
  expect(codeOf(await put(area, body))).toBe('ok')
}
const isIn = async (browser: Browser) =>
  (await browser.call('GET /api/session')).body.account !== null
async function person(remember: boolean): Promise<Browser> {
  const browser = world.browser()
  expect((await browser.signIn('root@example.org', undefined, remember)).status).toBe(200)
  return browser
}

describe('a change', () => {
  it('U5 is written down with numbers and domains as they were and are, and without words', async () => {
    await set('sessions', { hours: 2 })
    await set('domains', { free: ['example.org'], outside: 'nobody' })
    await set('passwords', { words: ['Bletchley'] })
    const { entries } = (await admin.call('GET /api/admin/audit?action=setting-changed')).body
    expect(entries).toMatchObject([
      { details: { changed: ['words'] } },
      {
        details: {
          ...{ free: ['example.org'], 'free.from': [] },
          ...{ outside: 'nobody', 'outside.from': 'organisers' },
        },
      },
      { details: { hours: 2, 'hours.from': 12 } },
    ])
    expect(JSON.stringify(entries)).not.toContain('Bletchley')
  })
})

describe('sessions', () => {
  it('last as long as is set, the cookie of a remembered one too', async () => {
    await set('sessions', { hours: 2, rememberedDays: 3 })
    const [short, long] = [await person(false), await person(true)]
    const answer = await world.browser().signIn('root@example.org', undefined, true)
    expect(answer.headers.getSetCookie().join()).toContain(`Max-Age=${3 * 86_400}`)
    world.clock.nowMs += 2 * HOUR - 1
    expect([await isIn(short), await isIn(long)]).toEqual([true, true])
    world.clock.nowMs += 1
    expect([await isIn(short), await isIn(long)]).toEqual([false, true])
    world.clock.nowMs = START + 3 * DAY
    expect(await isIn(long)).toBe(false)
  })

  it('that there are get shorter, never longer', async () => {
    const [short, long] = [await person(false), await person(true)]
    await set('sessions', { hours: 1, rememberedDays: 1 })
    await set('sessions', { hours: 100, rememberedDays: 300 })
    world.clock.nowMs += HOUR
    expect([await isIn(short), await isIn(long)]).toEqual([false, true])
    world.clock.nowMs = START + DAY
    expect(await isIn(long)).toBe(false)
  })

  it('end when they were not used for as long as is set, and last while they are', async () => {
    const before = await person(true)
    world.clock.nowMs += 5 * HOUR
    // Nobody is put out at once for having been idle when that was no fault.
    await set('sessions', { idleMinutes: 30 })
    const [used, unused] = [await person(true), await person(true)]
    for (let n = 0; n < 5; n += 1) {
      world.clock.nowMs += 20 * MINUTE
      expect([await isIn(used), await isIn(before)]).toEqual([true, true])
    }
    expect(await isIn(unused)).toBe(false)
    world.clock.nowMs += 30 * MINUTE
    expect([await isIn(used), await isIn(before)]).toEqual([false, false])
  })

  it('have no such limit any more when it is taken away', async () => {
    await set('sessions', { idleMinutes: 15 })
    const browser = await person(true)
    await set('sessions', { idleMinutes: 0 })
    world.clock.nowMs += DAY
    expect(await isIn(browser)).toBe(true)
  })

  it.each([
    [{ idleMinutes: 5 }, ['idleMinutes']],
    [{ hours: 0 }, ['hours']],
    [{ hours: 1.5, rememberedDays: 366 }, ['hours', 'rememberedDays']],
    [{ hours: 25, rememberedDays: 1 }, ['rememberedDays']],
  ])('%j is refused, and every wrong field named', async (body, fields) => {
    const { status, body: said } = await put('sessions', body)
    const named = (said.problems as { field: string }[] | undefined)?.map(({ field }) => field)
    expect([status, said.code, said.field, named ?? [said.field]]).toEqual([
      400,
      'bad-request',
      fields[0],
      fields,
    ])
    expect((await admin.call('GET /api/admin/settings')).body.settings.sessions.hours).toBe(12)
  })
})

describe('passwords', () => {
  it('whoever holds a link is told what a new one must be like, and nobody else', async () => {
    await set('passwords', { minCharacters: 16, words: [' Ministère ', 'Ministère'] })
    await world.person('ada@example.org')
    await world.browser().call('POST /api/auth/reset', { email: 'ada@example.org' })
    await expect.poll(() => world.mails.at(-1)?.subject).toContain('password')
    const token = tokenOf(world.lastMail('ada@example.org').links[0])
    const { body } = await world.browser().call('POST /api/links/read', { token })
    expect(body.rules).toEqual({ minCharacters: 16, words: ['Ministère'] })
    expect((await world.browser().call('GET /api/status')).text).not.toContain('Minist')
  })

  it.each([
    [{ minCharacters: 11 }, 'bad-request', 'minCharacters'],
    [{ words: ['good', 'x-y'] }, 'invalid-word', 'words.1'],
    [{ words: ['good', 'x'.repeat(65)] }, 'invalid-word', 'words.1'],
    [{ words: Array.from({ length: 201 }, (_, n) => `word ${n}`) }, 'bad-request', 'words'],
  ])('%j is refused', async (body, code, field) => {
    const answer = await put('passwords', body)
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([400, code, field])
  })
})

describe('links', () => {
  it('live as long as is set when they are mailed, and the mail says so', async () => {
    const invite = (email: string) =>
      admin.call('POST /api/admin/accounts', { email, role: 'user', language: 'en' })
    await invite('before@example.org')
    await set('links', { activationDays: 2, invitationDays: 3 })
    await invite('after@example.org')
    world.clock.nowMs += 2 * DAY
    const open = (email: string) => follow(world.browser(), world.lastMail(email).links[0])
    expect((await open('after@example.org')).body.code).toBe('link-expired')
    expect((await open('before@example.org')).status).toBe(200)
  })

  it('a reset lives as long as is set', async () => {
    await set('links', { resetMinutes: 5 })
    const read = async () => {
      const token = tokenOf(world.lastMail('root@example.org').links[0])
      return (await world.browser().call('POST /api/links/read', { token })).status
    }
    await world.browser().call('POST /api/auth/reset', { email: 'root@example.org' })
    await expect.poll(() => world.mails.length).toBe(1)
    world.clock.nowMs += 5 * MINUTE - 1
    expect(await read()).toBe(200)
    world.clock.nowMs += 1
    expect(await read()).toBe(410)
  })

  it('a longest life below the shortest is refused', async () => {
    const answer = await put('links', { activationDays: 8, invitationDays: 7 })
    expect([answer.body.code, answer.body.field]).toEqual(['bad-request', 'invitationDays'])
  })
})

describe('domains', () => {
  const free = ['example.org', '*.gouv.example']
  const invite = (by: Browser, ...invited: string[]) =>
    by.call('POST /api/meetings', {
      title: 'Board',
      startsAt: new Date(START).toISOString(),
      durationMin: 30,
      invited,
    })
  let organiser: Browser
  let ada: string
  beforeEach(async () => {
    const made = await world.person('ada@example.org', 'organiser')
    ;[organiser, ada] = [made.browser, made.account.id]
  })
  const forbid = async () => {
    const group = { name: 'Trainees', domains: [], restrictions: { outsiders: false } }
    const { id } = (await admin.call('POST /api/admin/groups', group)).body.group
    await putGroupsOf(admin, ada, [id])
  }

  it('a plan with addresses outside names each of them, and the one inside is no fault', async () => {
    await set('domains', { free, outside: 'nobody' })
    const answer = await invite(organiser, 'a@x.net', 'bob@example.org', 'c@a.example.org')
    expect(answer.status).toBe(403)
    expect(answer.body).toMatchObject({
      code: 'outside-domains',
      problems: [
        { code: 'outside-domains', field: 'invited.0' },
        { code: 'outside-domains', field: 'invited.2' },
      ],
    })
    expect((await invite(organiser, 'bob@EXAMPLE.org', 'c@a.b.gouv.example')).status).toBe(200)
  })

  it.each([
    ['nobody', false, [403, 403]],
    ['administrators', false, [403, 200]],
    ['organisers', false, [200, 200]],
    ['organisers', true, [403, 200]],
  ])('when %s may invite others (group forbids: %s)', async (outside, forbidden, statuses) => {
    await set('domains', { free, outside })
    if (forbidden) await forbid()
    const answers = [await invite(organiser, 'a@x.net'), await invite(admin, 'b@x.net')]
    expect(answers.map(({ status }) => status)).toEqual(statuses)
    const told = (await organiser.call('GET /api/policy')).body.invitable
    const why = forbidden ? 'group' : outside
    expect(told).toEqual(statuses[0] === 200 ? null : { domains: free, why })
  })

  it('without a free domain nothing is outside', async () => {
    await set('domains', { free: [], outside: 'nobody' })
    await forbid()
    expect((await invite(organiser, 'a@x.net')).status).toBe(200)
  })

  it('who is invited already stays; nobody new from outside comes by any way', async () => {
    const { id, sequence } = await plan(organiser, ['old@x.net'])
    await set('domains', { free, outside: 'nobody' })
    const patch = (invited: string[]) =>
      organiser.call('PATCH /api/meetings/:id', { sequence, invited }, { id })
    const more = (invited: string[]) =>
      organiser.call('POST /api/meetings/:id/invite', { invited }, { id })
    const refused = { code: 'outside-domains', field: 'invited.1' }
    expect((await patch(['old@x.net', 'new@x.net'])).body).toMatchObject(refused)
    expect((await more(['old@x.net', 'new@x.net'])).body).toMatchObject(refused)
    expect((await patch(['old@x.net', 'new@example.org'])).status).toBe(200)
    expect((await more(['old@x.net', 'newer@example.org'])).status).toBe(200)
  })

  it('administrators are held to it as well, in every form about accounts', async () => {
    const one = { email: 'eve@x.net', role: 'user', language: 'en' }
    expect((await admin.call('POST /api/admin/accounts', one)).status).toBe(200)
    const { accounts } = (await admin.call('GET /api/admin/accounts')).body
    const { id } = (accounts as { id: string; email: string }[]).find(
      ({ email }) => email === 'eve@x.net',
    )!
    await set('domains', { free, outside: 'nobody' })
    const wrong = { code: 'outside-domains', field: 'email' }
    const others = { people: [{ ...one, email: 'bob@example.org' }, one] }
    expect((await admin.call('POST /api/admin/accounts', one)).body).toMatchObject(wrong)
    for (const way of ['check', 'invite']) {
      const { body } = await admin.call(`POST /api/admin/accounts/${way}`, others)
      expect(body.results).toEqual([[], [wrong]])
    }
    const again = await admin.call('POST /api/admin/accounts/:id/invite', {}, { id })
    expect(again.body).toMatchObject(wrong)
    const { version } = (await admin.call('GET /api/admin/accounts/:id', undefined, { id })).body
    const move = (email: string) =>
      admin.call('PATCH /api/admin/accounts/:id', { version, email }, { id })
    expect((await move('eve@y.net')).body).toMatchObject(wrong)
    expect((await move('eve@example.org')).status).toBe(200)
  })
})
