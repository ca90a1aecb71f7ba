import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeJwt } from 'jose'
import type { Answer, Browser } from '../../test/browser.ts'
import { Device } from '../../test/device.ts'
import { putGroupsOf } from '../../test/saving.ts'
import { DAY, MINUTE, START, openWorld, plan, type World } from '../../test/world.ts'
import type { AccessEnd } from '../contract/access.ts'
import type { AuditEntry } from '../contract/audit.ts'
import type { ApiError } from '../contract/errors.ts'
import type { Reply } from '../contract/routes.ts'
import type { JoinClaims } from '../contract/tokens.ts'
import { sqliteDialect } from '../store/sqlite.ts'
import { openStore } from '../store/store.ts'

type Members = Reply<'GET /api/admin/groups/:id/members'>

let world: World
let admin: Browser
let ada: Browser
let adaId: string
beforeEach(async () => {
  world = await openWorld()
  admin = await world.administrator()
  const person = await world.person('ada@example.org', 'organiser')
  ada = person.browser
  adaId = person.account.id
})
afterEach(() => world.close())

async function audit(): Promise<AuditEntry[]> {
  const store = await openStore(sqliteDialect(join(world.dataDir, 'huisclos.db')))
  const lines = await store.audit.page({ before: null, from: 0, limit: 1000 })
  await store.close()
  return lines.map((line) => JSON.parse(line) as AuditEntry)
}

async function group(
  restrictions: Readonly<Record<string, unknown>>,
  more: { readonly name?: string; readonly domains?: readonly string[] } = {},
): Promise<string> {
  const body = { name: 'Trainees', domains: [], restrictions, ...more }
  const answer = await admin.call('POST /api/admin/groups', body)
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.body.group.id as string
}

const addTo = (id: string, ...emails: readonly string[]): Promise<Answer> =>
  admin.call('POST /api/admin/groups/:id/members', { emails }, { id })

const planning = (more: Readonly<Record<string, unknown>> = {}): Promise<Answer> =>
  ada.call('POST /api/meetings', {
    title: 'Board',
    startsAt: new Date(START).toISOString(),
    durationMin: 60,
    invited: [],
    ...more,
  })

async function claims(browser: Browser, id: string): Promise<JoinClaims> {
  const answer = await new Device().join(browser, id, world.clock.nowMs)
  if (answer.status !== 200) throw new Error(answer.text)
  return decodeJwt<JoinClaims>(answer.body.token as string)
}

async function setProfile(name: string, change: object, preset?: string): Promise<Answer> {
  const { body } = await admin.call('GET /api/admin/policy')
  const profile = { ...body.profiles[name], ...change }
  const profiles = { ...body.profiles, [name]: profile }
  return admin.call('PUT /api/admin/policy', { ...body, preset: preset ?? body.preset, profiles })
}

describe('a group', () => {
  it('U1 has a name that no other has, whatever its case and accents', async () => {
    await group({}, { name: 'Équipe' })
    const again = { name: ' équipe ', domains: [], restrictions: {} }
    const answer = await admin.call('POST /api/admin/groups', again)
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([
      409,
      'group-exists',
      'name',
    ])
  })

  it('U1 everything wrong with one is told at once, with its place', async () => {
    const body = { name: ' ', domains: ['example.org', 'not a domain', '@x'], restrictions: {} }
    const answer = await admin.call('POST /api/admin/groups', body)
    expect(answer.body.problems).toEqual([
      { code: 'invalid-name', field: 'name' },
      { code: 'invalid-domain', field: 'domains.1' },
      { code: 'invalid-domain', field: 'domains.2' },
    ])
  })

  it.each([{ organise: 1 }, { participants: 1 }, { participants: 1001 }, { unknown: true }])(
    'T8 cannot restrict %j',
    async (restrictions) => {
      const body = { name: 'X', domains: [], restrictions }
      expect((await admin.call('POST /api/admin/groups', body)).body.code).toBe('bad-request')
    },
  )

  it('holds people by hand and by domain, also those who come later', async () => {
    const id = await group({ messages: false }, { domains: ['@Stage.Example.ORG'] })
    expect((await addTo(id, 'ADA@example.org', 'nobody@example.org')).body).toEqual({
      added: 1,
      unknown: ['nobody@example.org'],
    })
    await world.person('bob@stage.example.org')
    await world.person('eve@other.stage.example.org')
    const answer = await admin.call('GET /api/admin/groups/:id/members', undefined, { id })
    const { members } = answer.body as Members
    const shown = members.map(({ account, by }) => [account.email, by])
    expect(shown.toSorted()).toEqual([
      ['ada@example.org', 'hand'],
      ['bob@stage.example.org', 'domain'],
    ])
  })

  it('its people come in pages that miss nobody', async () => {
    const id = await group({}, { domains: ['example.org'] })
    for (const name of ['a', 'b', 'c']) await world.person(`${name}@example.org`)
    const seen: string[] = []
    let query = '?limit=2'
    for (let pages = 0; pages < 5; pages++) {
      const route = `GET /api/admin/groups/:id/members${query}`
      const answer = await admin.call(route, undefined, { id })
      const { members, next } = answer.body as Members
      seen.push(...members.map(({ account }) => account.email))
      if (next === null) break
      query = `?limit=2&cursor=${next}`
    }
    const names = ['a', 'ada', 'b', 'c', 'root']
    expect(seen.toSorted()).toEqual(names.map((name) => `${name}@example.org`))
    const found = await admin.call('GET /api/admin/groups/:id/members?q=root', undefined, { id })
    const { members, total } = found.body as Members
    expect([members.map(({ account }) => account.email), total]).toEqual([['root@example.org'], 1])
  })

  it('U1 narrows the list of users, and what is exported of it, to its people', async () => {
    const id = await group({}, { domains: ['example.net'] })
    await world.person('net@example.net')
    await world.person('other@example.com')
    await addTo(id, 'ada@example.org')
    const list = await admin.call(`GET /api/admin/accounts?group=${id}&sort=email&order=asc`)
    const rows = list.body.accounts as { email: string }[]
    const emails = rows.map(({ email }) => email)
    expect([emails, list.body.total]).toEqual([['ada@example.org', 'net@example.net'], 2])
    const { csv } = (await admin.call('POST /api/admin/accounts/export', { group: id })).body
    expect(csv).toContain('net@example.net')
    expect(csv).not.toContain('other@example.com')
    const odd = await admin.call('GET /api/admin/accounts?group=x')
    expect([odd.status, odd.body.field]).toEqual([400, 'group'])
  })

  it('of several the strictest wins, and each person learns which decided what', async () => {
    const one = await group({ participants: 20, messages: false })
    const two = await group({ participants: 10 }, { name: 'Partners' })
    await putGroupsOf(admin, adaId, [one, two])
    const { switches } = (await ada.call('GET /api/policy')).body
    expect(switches).toContainEqual({ name: 'participants', value: 10, groups: ['Partners'] })
    expect(switches).toContainEqual({ name: 'messages', value: false, groups: ['Trainees'] })
    expect(switches).toContainEqual({ name: 'organise', value: true, groups: [] })
    await admin.call('POST /api/admin/groups/:id/delete', {}, { id: two })
    const after = (await ada.call('GET /api/policy')).body.switches
    expect(after).toContainEqual({ name: 'participants', value: 20, groups: ['Trainees'] })
  })
})

describe('planning under a restriction', () => {
  it('U1 shows each profile as strict as it is for this person', async () => {
    await addTo(await group({ durationMin: 30, messages: false }), 'ada@example.org')
    const { profiles } = (await ada.call('GET /api/policy')).body as Reply<'GET /api/policy'>
    const seen = profiles.map(({ switches: { durationMin, messages } }) => [durationMin, messages])
    expect(seen).toEqual([
      [30, false],
      [30, false],
      [30, false],
    ])
  })

  it.each([
    ['organise', { organise: false }, {}, { field: 'organise', value: false }],
    ['durationMin', { durationMin: 30 }, {}, { field: 'durationMin', value: 30 }],
    [
      'aheadDays',
      { aheadDays: 2 },
      { startsAt: new Date(START + 3 * DAY).toISOString() },
      { field: 'startsAt', value: 2 },
    ],
    [
      'invitations',
      { invitations: 1 },
      { invited: ['a@example.org', 'b@example.org'] },
      { field: 'invited', value: 1 },
    ],
    ['ownLink', { ownLink: true }, {}, { field: 'ownLink', value: true }],
  ] as const)(
    'U1 %s is refused, naming the field and what may be',
    async (name, rule, more, said) => {
      await addTo(await group(rule), 'ada@example.org')
      const answer = await planning(more)
      const { code, field, restriction } = answer.body
      expect([answer.status, code, field]).toEqual([403, 'restricted', said.field])
      expect(restriction).toEqual({ name, value: said.value })
      expect(world.mails.filter(({ subject }) => subject.includes('Board'))).toEqual([])
    },
  )

  it('U1 all that is restricted is told at once', async () => {
    await addTo(await group({ durationMin: 30, ownLink: true }), 'ada@example.org')
    const { problems } = (await planning({ title: '' })).body
    expect(problems).toEqual([
      { code: 'invalid-title', field: 'title' },
      expect.objectContaining({ code: 'restricted', field: 'durationMin' }),
      expect.objectContaining({ code: 'restricted', field: 'ownLink' }),
    ])
  })

  it('what is within it is planned', async () => {
    const rules = { durationMin: 60, invitations: 1, aheadDays: 2, ownLink: true }
    await addTo(await group(rules), 'ada@example.org')
    const startsAt = new Date(START + 2 * DAY).toISOString()
    const answer = await planning({ startsAt, invited: ['a@example.org'], ownLink: true })
    expect(answer.status).toBe(200)
  })

  it('inviting more counts everybody, under what holds now', async () => {
    const { id } = await plan(ada, ['a@example.org'])
    await addTo(await group({ invitations: 2 }), 'ada@example.org')
    const invite = (...invited: string[]) =>
      ada.call('POST /api/meetings/:id/invite', { invited }, { id })
    expect((await invite('b@example.org')).status).toBe(200)
    expect((await invite('c@example.org')).body.restriction).toEqual({
      name: 'invitations',
      value: 2,
    })
  })

  it('E6 who may organise no more keeps the meetings, and invites nobody', async () => {
    const { id } = await plan(ada, ['a@example.org'])
    await addTo(await group({ organise: false }), 'ada@example.org')
    const invited = ['b@example.org']
    const answer = await ada.call('POST /api/meetings/:id/invite', { invited }, { id })
    expect(answer.body.restriction).toEqual({ name: 'organise', value: false })
    expect((await claims(ada, id)).role).toBe('moderator')
    expect((await ada.call('POST /api/meetings/:id/cancel', {}, { id })).status).toBe(200)
  })
})

describe('a profile', () => {
  it('that is not offered cannot be chosen', async () => {
    await setProfile('open', { offered: false })
    const answer = await planning({ profile: 'open' })
    expect([answer.body.code, answer.body.field]).toEqual(['bad-request', 'profile'])
    const { profiles } = (await ada.call('GET /api/policy')).body as Reply<'GET /api/policy'>
    expect(profiles.map(({ name }) => name)).toEqual(['standard', 'restricted'])
  })

  it('that meetings have without a choice must be offered', async () => {
    const answer = await setProfile('standard', { offered: false })
    expect([answer.body.code, answer.body.field]).toEqual(['bad-request', 'preset'])
  })

  it('restricts the meeting that is planned with it', async () => {
    const refused = await planning({ profile: 'restricted', durationMin: 300 })
    const { problems = [] } = refused.body as ApiError
    expect(problems.map(({ field }) => field)).toEqual(['durationMin', 'ownLink'])
    const { id, mark } = await plan(ada, [], { profile: 'restricted', ownLink: true })
    expect(mark).toEqual({ text: 'Restricted', colour: '#b42318' })
    const token = await claims(ada, id)
    expect(token.pol).toEqual({
      messages: false,
      participants: 50,
      mark: { text: 'Restricted', colour: '#b42318' },
    })
    expect(token.e2ee.suites).toEqual([2])
  })

  it('that changes makes a planned meeting stricter from the next token on, never looser', async () => {
    const { id } = await plan(ada, [])
    const { switches } = (await admin.call('GET /api/admin/policy')).body.profiles.standard
    const change = (more: object) => setProfile('standard', { switches: { ...switches, ...more } })
    await change({ messages: false, participants: 5 })
    expect((await claims(ada, id)).pol).toEqual({ messages: false, participants: 5 })
    await change({ messages: true, participants: 1000 })
    expect((await claims(ada, id)).pol).toEqual({ messages: true, participants: 500 })
  })

  it('asks for a suite that this server does not ask for, for the whole meeting', async () => {
    await world.close()
    world = await openWorld({ e2eeSuite: 1 })
    admin = await world.administrator()
    ada = (await world.person('ada@example.org', 'organiser')).browser
    const [open, strict] = [
      await plan(ada, ['bob@example.org'], { profile: 'open' }),
      await plan(ada, [], { profile: 'restricted', ownLink: true }),
    ]
    expect((await claims(ada, open.id)).e2ee.suites).toEqual([1])
    expect((await claims(ada, strict.id)).e2ee.suites).toEqual([2])
    const bob = (await world.person('bob@example.org')).browser
    await addTo(await group({ suite: 2 }), 'bob@example.org')
    const answer = await new Device().join(bob, open.id, world.clock.nowMs)
    expect([answer.status, answer.body.restriction]).toEqual([403, { name: 'suite', value: 2 }])
  })

  it('is written down when it changes, with what changed', async () => {
    await setProfile('open', { mark: { text: 'Public', colour: '#0b5563' } })
    const entries = await audit()
    expect(entries.filter(({ action }) => action === 'profile-changed')).toEqual([
      expect.objectContaining({
        object: { kind: 'profile', id: 'open', name: 'open' },
        details: { mark: 'Public #0b5563', 'mark.from': null },
      }),
    ])
  })
})

describe('the token', () => {
  it('T7 says for each person what the own groups restrict, from the next one on', async () => {
    const { id } = await plan(ada, ['bob@example.org'])
    const bob = (await world.person('bob@example.org')).browser
    await addTo(await group({ messages: false, participants: 2 }), 'bob@example.org')
    expect((await claims(bob, id)).pol).toEqual({ messages: false, participants: 2 })
    expect((await claims(ada, id)).pol).toEqual({ messages: true, participants: 500 })
  })

  it('E4 whoever is in when the maximum duration is over is put out', async () => {
    const ends: AccessEnd[] = []
    await world.close()
    world = await openWorld({ onAccessEnded: (end) => void ends.push(end) })
    admin = await world.administrator()
    ada = (await world.person('ada@example.org', 'organiser')).browser
    await addTo(await group({ durationMin: 60 }), 'ada@example.org')
    const { id } = await plan(ada, [])
    await claims(ada, id)
    for (const [minutes, told] of [
      [59, 0],
      [60, 1],
      [61, 1],
    ] as const) {
      world.clock.nowMs = START + minutes * MINUTE
      await world.tmms.endLongMeetings()
      expect(ends).toHaveLength(told)
    }
    expect(ends[0]).toMatchObject({ mid: id, reason: 'meeting-ended' })
  })

  it('ends with the maximum duration, and nobody gets one after it', async () => {
    await addTo(await group({ durationMin: 60 }), 'ada@example.org')
    const { id } = await plan(ada, [])
    world.clock.nowMs = START + 50 * MINUTE
    expect((await claims(ada, id)).exp).toBe((START + 60 * MINUTE) / 1000)
    world.clock.nowMs = START + 60 * MINUTE
    const late = await new Device().join(ada, id, world.clock.nowMs)
    expect(late.body.code).toBe('not-found')
    expect((await ada.call('GET /api/meetings/:id', undefined, { id })).body.meeting.state).toBe(
      'ended',
    )
  })
})
