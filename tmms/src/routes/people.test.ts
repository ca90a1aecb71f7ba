import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountId } from '../contract/ids.ts'
import type { AccountRow, PersonPage } from '../contract/people.ts'
import type { AccessEnd } from '../contract/access.ts'
import { codeOf, PASSWORD, type Answer, type Browser } from '../../test/browser.ts'
import { Device } from '../../test/device.ts'
import { follow, tokenOf } from '../../test/links.ts'
import { openWorld, plan, type World } from '../../test/world.ts'

let world: World
let admin: Browser
const ends: AccessEnd[] = []
beforeAll(async () => {
  world = await openWorld({ onAccessEnded: (end) => void ends.push(end) })
  admin = await world.administrator()
})
afterAll(() => world.close())

const one = (what: string, id: string, body: object = {}): Promise<Answer> =>
  admin.call(`POST /api/admin/accounts/:id/${what}`, body, { id })
const page = async (id: string): Promise<PersonPage> =>
  (await admin.call('GET /api/admin/accounts/:id', undefined, { id })).body as PersonPage
const patch = async (id: string, change: object): Promise<Answer> => {
  const { version } = await page(id)
  return admin.call('PATCH /api/admin/accounts/:id', { version, ...change }, { id })
}
const me = async (): Promise<string> => String((await admin.call('GET /api/me')).body.id)
const reasons = (id: string) => ends.filter(({ sub }) => sub === id).map(({ reason }) => reason)
const actions = async (): Promise<string[]> => {
  const { body } = await admin.call('GET /api/admin/audit?limit=10')
  const all = (body.entries as { action: string }[]).map(({ action }) => action)
  return all.filter((action) => !action.startsWith('sign-in'))
}
const listed = async (query: string): Promise<string[]> => {
  const { body } = await admin.call(`GET /api/admin/accounts?${query}`)
  return (body.accounts as AccountRow[]).map(({ email }) => email)
}

describe('the list of people', () => {
  it('says when somebody last signed in, and is narrowed by it, by role and by state', async () => {
    const { account } = await world.person('last@example.org', 'organiser')
    const { lastSignInAt } = (await page(account.id)).account
    expect(lastSignInAt).toBe(new Date(world.clock.nowMs).toISOString())
    const body = { email: 'never@example.org', role: 'user', language: 'en' }
    await admin.call('POST /api/admin/accounts', body)
    expect(await listed('lastSignIn=never&q=example')).toEqual(['never@example.org'])
    expect(await listed('role=organiser')).toEqual(['last@example.org'])
    expect(await listed('state=invited')).toEqual(['never@example.org'])
    const soon = new Date(world.clock.nowMs + 1).toISOString()
    const before = `signedInBefore=${soon}&sort=email&order=asc`
    expect(await listed(before)).toEqual(['last@example.org', 'root@example.org'])
    expect(await listed(`signedInFrom=${soon}`)).toEqual([])
  })

  it.each(['sort=password', 'order=up', 'role=god', 'state=deleted', 'lastSignIn=x', 'limit=101'])(
    'refuses %s',
    async (query) => {
      const answer = await admin.call(`GET /api/admin/accounts?${query}`)
      expect(answer.body).toMatchObject({ code: 'bad-request', field: query.split('=')[0] })
    },
  )

  it('W2 takes no cursor of another order, nor one that it never gave out', async () => {
    const { next } = (await admin.call('GET /api/admin/accounts?limit=1')).body as { next: string }
    const forged = ['["name",{"x":1},"y"]', String.raw`["name","\u0000","y"]`].map(
      (text) => `cursor=${Buffer.from(text).toString('base64url')}&sort=name`,
    )
    for (const query of [`cursor=${next}&sort=email`, 'cursor=x', ...forged]) {
      const answer = await admin.call(`GET /api/admin/accounts?${query}`)
      expect(answer.body).toMatchObject({ code: 'bad-request', field: 'cursor' })
    }
  })

  it('is exported without a formula, in the order of the list', async () => {
    const { account } = await world.person('-csv@example.org')
    await patch(account.id, { firstName: '=1+1', lastName: '"a;b"' })
    const asked = { q: 'csv', zone: 'Europe/Paris' }
    const { body } = await admin.call('POST /api/admin/accounts/export', asked)
    const lines = (body.csv as string).split('\r\n')
    expect(lines[0]).toBe(
      '\ufeff"Email","First name","Last name","Role","Language","State","Created (Europe/Paris)","Last sign-in (Europe/Paris)"',
    )
    expect(lines[1]).toMatch(
      /^"'-csv@example.org","'=1\+1","""a;b""","user","en","active","2026-\d\d-\d\d \d\d:\d\d:\d\d","/,
    )
    const unknown = { zone: 'Europe/Nowhere' }
    const refused = await admin.call('POST /api/admin/accounts/export', unknown)
    expect([refused.body.code, refused.body.field]).toEqual(['bad-request', 'zone'])
    expect(lines).toHaveLength(3)
    expect((await actions())[0]).toBe('export')
  })
})

describe('changing somebody', () => {
  it('a new address keeps the password, ends sessions and links, and is told to both', async () => {
    const { browser, account } = await world.person('old@example.org')
    const answer = await patch(account.id, { email: ' New@Example.org', firstName: 'Augusta' })
    expect(answer.body.account).toMatchObject({ email: 'new@example.org', firstName: 'Augusta' })
    expect(codeOf(await browser.call('GET /api/me'))).toBe('signed-out')
    expect(reasons(account.id)).toEqual(['signed-out'])
    for (const to of ['old@example.org', 'new@example.org']) {
      expect(world.lastMail(to).subject).toContain('address')
    }
    expect(codeOf(await browser.signIn('old@example.org'))).toBe('wrong-credentials')
    expect(codeOf(await browser.signIn('new@example.org', PASSWORD))).toBe('ok')
    expect(await listed('q=new@example')).toEqual(['new@example.org'])
  })

  it('a new address of somebody invited gets the invitation, and the former link is dead', async () => {
    const body = { email: 'typo@example.org', role: 'user', language: 'en' }
    const { id } = (await admin.call('POST /api/admin/accounts', body)).body.account as AccountRow
    const former = world.lastMail('typo@example.org').links[0]
    expect(codeOf(await patch(id, { email: 'right@example.org' }))).toBe('ok')
    expect(codeOf(await follow(world.browser(), former))).toBe('link-used')
    const link = world.lastMail('right@example.org').links[0]
    expect(codeOf(await follow(world.browser(), link))).toBe('ok')
  })

  it('an address that is taken, a name that is none, and an older version are refused by name', async () => {
    const { account } = await world.person('change@example.org')
    const taken = await patch(account.id, { email: 'root@example.org' })
    expect(taken.body).toMatchObject({ code: 'account-exists', field: 'email' })
    const nameless = await patch(account.id, { firstName: ' ', lastName: '…' })
    expect(nameless.body.problems).toEqual([
      { code: 'invalid-name', field: 'firstName' },
      { code: 'invalid-name', field: 'lastName' },
    ])
    const { version } = await page(account.id)
    const both = await Promise.all(
      ['fr', 'fr'].map((language) =>
        admin.call('PATCH /api/admin/accounts/:id', { version, language }, { id: account.id }),
      ),
    )
    expect(both.map(codeOf).toSorted()).toEqual(['changed-meanwhile', 'ok'])
  })

  it('W2 takes no member that is not in the contract', async () => {
    const { account } = await world.person('mass@example.org')
    for (const more of [{ state: 'active' }, { id: 'x' }, { createdAt: 1 }, { nameKey: '' }]) {
      expect(codeOf(await patch(account.id, more))).toBe('bad-request')
    }
    expect(codeOf(await one('suspend', account.id, { role: 'user' }))).toBe('bad-request')
  })

  it('E6 another role ends the tokens of before, and what they opened, at once', async () => {
    const { browser, account } = await world.person('role@example.org')
    expect((await patch(account.id, { role: 'organiser' })).body.account.role).toBe('organiser')
    expect(reasons(account.id)).toEqual(['rights-changed'])
    expect((await actions())[0]).toBe('account-role-changed')
    await plan(browser, [])
  })
})

describe('suspending and resuming', () => {
  it('E3 ends every access at once, and gives the account back as it was', async () => {
    const { browser, account } = await world.person('susan@example.org')
    const { id } = await plan(admin, ['susan@example.org'])
    const device = new Device()
    expect((await device.join(browser, id, world.clock.nowMs)).status).toBe(200)
    expect((await one('suspend', account.id)).body.account.state).toBe('disabled')
    expect(reasons(account.id)).toEqual(['suspended'])
    expect(codeOf(await browser.call('GET /api/me'))).toBe('signed-out')
    expect(codeOf(await device.join(browser, id, world.clock.nowMs))).toBe('signed-out')
    expect(codeOf(await browser.signIn('susan@example.org'))).toBe('wrong-credentials')
    expect(codeOf(await one('suspend', account.id))).toBe('ok')
    expect((await one('resume', account.id)).body.account.state).toBe('active')
    expect(codeOf(await browser.signIn('susan@example.org'))).toBe('ok')
    expect((await actions()).slice(0, 2)).toEqual(['account-resumed', 'account-suspended'])
  })

  it('somebody who never came is invited again afterwards', async () => {
    const body = { email: 'idle@example.org', role: 'user', language: 'en' }
    const { id } = (await admin.call('POST /api/admin/accounts', body)).body.account as AccountRow
    const former = world.lastMail('idle@example.org').links[0]
    await one('suspend', id)
    expect(codeOf(await one('invite', id))).toBe('wrong-state')
    expect((await one('resume', id)).body.account.state).toBe('invited')
    expect(codeOf(await follow(world.browser(), former))).toBe('link-used')
    expect(codeOf(await one('invite', id))).toBe('ok')
    expect(codeOf(await follow(world.browser(), world.lastMail('idle@example.org').links[0]))).toBe(
      'ok',
    )
  })

  it('signing somebody out everywhere ends sessions, devices and tokens', async () => {
    const { browser, account } = await world.person('out@example.org')
    expect((await page(account.id)).sessions).toHaveLength(1)
    expect((await page(account.id)).devices).toHaveLength(1)
    const after = (await one('sign-out', account.id)).body as PersonPage
    expect([after.sessions, after.devices]).toEqual([[], []])
    expect(codeOf(await browser.call('GET /api/me'))).toBe('signed-out')
    expect(reasons(account.id)).toEqual(['signed-out'])
  })
})

describe('deleting somebody', () => {
  it('cancels the meetings to come, tells those invited, and keeps past ones in their lists', async () => {
    const { browser, account } = await world.person('leaver@example.org', 'organiser')
    const guest = await world.person('guest@example.org')
    await plan(browser, ['guest@example.org'], { title: 'Past' })
    world.clock.nowMs += 4 * 3_600_000
    const startsAt = new Date(world.clock.nowMs + 3_600_000).toISOString()
    await plan(browser, ['guest@example.org'], { title: 'To come', startsAt })
    await world.tmms.sendDueMails()
    expect((await page(account.id)).meetings).toMatchObject({ organises: 1, organised: 2 })
    expect(codeOf(await one('delete', account.id, { meetings: 'cancel' }))).toBe('ok')
    expect(world.lastMail('guest@example.org').subject).toBe('Cancelled: To come')
    const { meetings } = (await guest.browser.call('GET /api/meetings')).body as {
      meetings: { title: string; state: string; organiser: { name: string; email: string } }[]
    }
    const organiser = { name: 'Ada Lovelace', email: '' }
    expect(meetings.map(({ title, state }) => [title, state])).toEqual([
      ['Past', 'ended'],
      ['To come', 'cancelled'],
    ])
    expect(meetings.map((meeting) => meeting.organiser)).toEqual([organiser, organiser])
    expect(codeOf(await browser.signIn('leaver@example.org'))).toBe('wrong-credentials')
    expect(codeOf(await one('suspend', account.id))).toBe('not-found')
    expect(await listed('q=leaver')).toEqual([])
    // The address is free again, for somebody else.
    expect((await world.person('leaver@example.org')).account.id).not.toBe(account.id)
  })

  it('hands the meetings over to somebody who may organise, and to nobody else', async () => {
    const former = await world.person('former@example.org', 'organiser')
    const heir = await world.person('heir@example.org', 'organiser')
    const plain = await world.person('plain@example.org')
    const startsAt = new Date(world.clock.nowMs + 3_600_000).toISOString()
    const { id } = await plan(former.browser, ['heir@example.org', 'plain@example.org'], {
      startsAt,
    })
    const to = (person: string) =>
      one('delete', former.account.id, { meetings: 'hand-over', to: person as AccountId })
    for (const person of [plain.account.id, former.account.id, id]) {
      expect(codeOf(await to(person))).toBe('no-organiser')
    }
    expect(codeOf(await one('delete', former.account.id, { meetings: 'hand-over' }))).toBe(
      'no-organiser',
    )
    expect(codeOf(await to(heir.account.id))).toBe('ok')
    const { meeting } = (await heir.browser.call('GET /api/meetings/:id', undefined, { id })).body
    expect(meeting).toMatchObject({ mine: true, organiser: { email: 'heir@example.org' } })
    expect(meeting.invited).toEqual([{ email: 'plain@example.org', name: '' }])
    expect(world.lastMail('heir@example.org').subject).toBe(
      'You are the organiser now, in place of Ada Lovelace',
    )
    expect(ends).toContainEqual(
      expect.objectContaining({ sub: heir.account.id, mid: id, reason: 'rights-changed' }),
    )
  })

  it('withdraws an invitation, and only that', async () => {
    const body = { email: 'withdrawn@example.org', role: 'user', language: 'en' }
    const { id } = (await admin.call('POST /api/admin/accounts', body)).body.account as AccountRow
    const link = world.lastMail('withdrawn@example.org').links[0]
    expect(codeOf(await one('withdraw', id))).toBe('ok')
    const read = await world.browser().call('POST /api/links/read', { token: tokenOf(link) })
    expect(codeOf(read)).toBe('link-unknown')
    const { account } = await world.person('stays@example.org')
    expect(codeOf(await one('withdraw', account.id))).toBe('wrong-state')
  })
})

describe('the last administrator', () => {
  it('is neither demoted, suspended nor deleted, and nobody does it to themselves unknowingly', async () => {
    const id = await me()
    const lose = async (own: object) => [
      codeOf(await patch(id, { role: 'user', ...own })),
      codeOf(await one('suspend', id, own)),
      codeOf(await one('delete', id, { meetings: 'cancel', ...own })),
    ]
    const last = Array<string>(3).fill('last-administrator')
    expect(await lose({ own: true })).toEqual(last)
    const { account } = await world.person('second@example.org', 'administrator')
    expect(await lose({})).toEqual(Array<string>(3).fill('own-account'))
    expect(codeOf(await one('suspend', account.id))).toBe('ok')
    expect(await lose({ own: true })).toEqual(last)
    await one('delete', account.id, { meetings: 'cancel' })
  })

  it('Q8 remains, when two take away each other at the same time', async () => {
    type Way = readonly [route: string, body: (version: number) => object]
    const ways: readonly Way[] = [
      ['PATCH /api/admin/accounts/:id', (version) => ({ version, role: 'user' })],
      ['POST /api/admin/accounts/:id/suspend', () => ({})],
      ['POST /api/admin/accounts/:id/delete', () => ({ meetings: 'cancel' })],
    ]
    for (const [route, body] of ways) {
      const here = await openWorld()
      const first = await here.administrator()
      const second = await here.person('second@example.org', 'administrator')
      const root = String((await first.call('GET /api/me')).body.id)
      const versionOf = async (id: string) =>
        Number((await first.call('GET /api/admin/accounts/:id', undefined, { id })).body.version)
      const versions = { root: await versionOf(root), other: await versionOf(second.account.id) }
      const answers = await Promise.all([
        first.call(route, body(versions.other), { id: second.account.id }),
        second.browser.call(route, body(versions.root), { id: root }),
      ])
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      const left = await Promise.all(
        [first, second.browser].map((browser) => browser.call('GET /api/admin/accounts')),
      )
      expect(left.filter(({ status }) => status === 200)).toHaveLength(1)
      await here.close()
    }
  })
})

describe('many at once', () => {
  const line = (email: string, more: object = {}) => ({
    email,
    role: 'user',
    language: 'fr',
    ...more,
  })

  it('says what is wrong with each line before anything is written', async () => {
    const people = [
      line('a@many.org', { firstName: 'Zoé' }),
      line('A@many.org '),
      line('no address', { role: 'boss' }),
      line('root@example.org'),
      line('b@many.org', { language: 'de', lastName: '—' }),
    ]
    const { body } = await admin.call('POST /api/admin/accounts/check', { people })
    expect(body.results).toEqual([
      [],
      [{ code: 'listed-twice', field: 'email' }],
      [
        { code: 'invalid-email', field: 'email' },
        { code: 'invalid-role', field: 'role' },
      ],
      [{ code: 'account-exists', field: 'email' }],
      [
        { code: 'invalid-name', field: 'lastName' },
        { code: 'invalid-language', field: 'language' },
      ],
    ])
    expect(await listed('q=many')).toEqual([])
    const done = await admin.call('POST /api/admin/accounts/invite', { people })
    expect((done.body.results as unknown[][]).map(({ length }) => length)).toEqual([0, 0, 2, 1, 2])
    expect(await listed('q=many')).toEqual(['a@many.org'])
    expect(world.lastMail('a@many.org').links).toHaveLength(1)
    // Whoever was invited before is no line that can be invited, though the mail may go out again when asked for.
    const again = await admin.call('POST /api/admin/accounts/check', { people: people.slice(0, 1) })
    expect(again.body.results).toEqual([[{ code: 'already-invited', field: 'email' }]])
  })

  it('does one thing to many, all or nothing for each, and never to the own account', async () => {
    const ids = [
      (await world.person('b1@bulk.org')).account.id,
      (await world.person('b2@bulk.org', 'organiser')).account.id,
      await me(),
      'A'.repeat(22),
    ]
    const bulk = async (action: object) =>
      (await admin.call('POST /api/admin/accounts/bulk', { ids, action })).body.results as unknown
    const others = ['own-account', 'not-found']
    expect(await bulk({ do: 'suspend' })).toEqual([null, null, ...others])
    expect(await listed('q=bulk&state=disabled&sort=email&order=asc')).toEqual([
      'b1@bulk.org',
      'b2@bulk.org',
    ])
    expect(await bulk({ do: 'resume' })).toEqual([null, null, ...others])
    expect(await bulk({ do: 'role', role: 'organiser' })).toEqual([null, null, ...others])
    expect(await bulk({ do: 'withdraw' })).toEqual(['wrong-state', 'wrong-state', ...others])
    expect(await bulk({ do: 'delete', meetings: 'cancel' })).toEqual([null, null, ...others])
    expect(await listed('q=bulk')).toEqual([])
    expect(await bulk({ do: 'paint' })).toBeUndefined()
  })
})
