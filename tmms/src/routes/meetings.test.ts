import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Meeting } from '../contract/meetings.ts'
import { ORIGIN, type Browser } from '../../test/browser.ts'
import { Device } from '../../test/device.ts'
import { follow } from '../../test/links.ts'
import { DAY, MINUTE, START, openWorld, plan, type World } from '../../test/world.ts'

let world: World
let organiser: Browser
let guest: Browser
let stranger: Browser
beforeAll(async () => {
  world = await openWorld()
  await world.administrator()
  organiser = (await world.person('ada@example.org', 'organiser')).browser
  guest = (await world.person('bob@example.org')).browser
  stranger = (await world.person('eve@example.org', 'administrator')).browser
})
afterAll(() => world.close())

const later = (minutes: number) => new Date(world.clock.nowMs + minutes * MINUTE).toISOString()

describe('planning', () => {
  it('makes accounts for new addresses and mails everybody what they need', async () => {
    const invited = ['bob@example.org', ' New@Example.org', 'new@example.org', 'ada@example.org']
    const meeting = await plan(organiser, invited, { title: '  Board   meeting ' })
    expect(meeting).toMatchObject({
      title: 'Board meeting',
      startsAt: '2026-03-03T10:00:00.000Z',
      durationMin: 60,
      organiser: { name: 'Ada Lovelace', email: 'ada@example.org' },
      mine: true,
      invited: [
        { email: 'bob@example.org', name: '' },
        { email: 'new@example.org', name: '' },
      ],
      state: 'open',
    })
    const whole = `${ORIGIN}/j/${meeting.id}#v1.${world.tmms.rootThumbprint}`
    expect(`${ORIGIN}${meeting.link}`).toBe(whole)
    expect(world.lastMail('bob@example.org').links).toEqual([whole])
    const [validate, join] = world.lastMail('new@example.org').links
    expect(join).toBe(whole)
    // U1: mail programs leave whatever else a link ends with out of it.
    for (const link of [validate, join]) expect(link).toMatch(/[A-Za-z0-9]$/)
    const browser = world.browser()
    const answer = await follow(browser, validate)
    expect(answer.body).toMatchObject({ account: { role: 'user' }, next: meeting.link })
    expect((await browser.call('GET /api/meetings')).body.meetings).toHaveLength(1)
  })

  it('U1 the activation link in an invitation works until the meeting is over', async () => {
    const fresh = await openWorld()
    await fresh.administrator()
    const { browser } = await fresh.person('ada@example.org', 'organiser')
    const startsAt = new Date(fresh.clock.nowMs + 46 * DAY).toISOString()
    const meeting = await plan(browser, ['later@example.org'], { startsAt })
    const [validate] = fresh.lastMail('later@example.org').links
    fresh.clock.nowMs += 46 * DAY + 59 * MINUTE
    const answer = await follow(fresh.browser(), validate)
    expect([answer.status, answer.body.next]).toEqual([200, meeting.link])
    await fresh.close()
  })

  it('U2 keeps the names of an address book: for the organiser, and as a proposal to a new person', async () => {
    const invited = [
      { email: 'ida@bücher.example', firstName: '\u200bIda', lastName: 'ROLF' },
      { email: 'bob@example.org', firstName: 'Bobby', lastName: 'x'.repeat(81) },
    ]
    const { body } = await organiser.call('POST /api/meetings', {
      title: 'Names',
      startsAt: later(0),
      durationMin: 60,
      invited,
    })
    expect(body.meeting.invited).toEqual([
      { email: 'bob@example.org', name: 'Bobby' },
      { email: 'ida@bücher.example', name: 'Ida ROLF' },
    ])
    const [link = ''] = world.lastMail('ida@xn--bcher-kva.example').links
    const read = await world.browser().call('POST /api/links/read', { token: link.split('#')[1] })
    expect(read.body).toMatchObject({
      email: 'ida@bücher.example',
      firstName: 'Ida',
      lastName: 'ROLF',
    })
    // Somebody who has an account keeps the name of it, and nobody learns of it by inviting.
    const { browser } = await world.person('zoe@example.org', 'organiser')
    const other = await plan(browser, ['bob@example.org'])
    expect(other.invited).toEqual([{ email: 'bob@example.org', name: '' }])
  })

  it('U4 tells everything that is wrong with a plan at once', async () => {
    const { body } = await organiser.call('POST /api/meetings', {
      title: ' ',
      startsAt: '2099-01-01T10:00:00Z',
      durationMin: 60,
      invited: ['bob@example.org', 'j@k.example\\x', 'i@exam\r\nple.example.org'],
    })
    expect(body).toMatchObject({
      code: 'invalid-title',
      field: 'title',
      problems: [
        { code: 'invalid-title', field: 'title' },
        { code: 'date-too-far', field: 'startsAt' },
        { code: 'invalid-email', field: 'invited.1' },
        { code: 'invalid-email', field: 'invited.2' },
      ],
    })
  })

  it('U4 keeps the zone in which it was planned, or takes this server’s', async () => {
    const zone = 'America/New_York'
    const planned = { title: 'Zones', startsAt: later(0), durationMin: 60, invited: [] }
    const { body } = await organiser.call('POST /api/meetings', { ...planned, zone })
    expect(body.meeting.zone).toBe(zone)
    const without = await organiser.call('POST /api/meetings', planned)
    expect(without.body.meeting.zone).toBe('Europe/Paris')
    const none = await organiser.call('POST /api/meetings', { ...planned, zone: 'Mars/Olympus' })
    expect(none.body).toMatchObject({ code: 'bad-request', field: 'zone' })
  })

  it.each([
    [{ title: ' ' }, 'invalid-title', 'title'],
    [{ title: 'x'.repeat(121) }, 'invalid-title', 'title'],
    [{ startsAt: 'soon' }, 'invalid-date', 'startsAt'],
    [{ startsAt: new Date(START - 6 * MINUTE).toISOString() }, 'date-in-past', 'startsAt'],
    [{ durationMin: 4 }, 'invalid-duration', 'durationMin'],
    [{ invited: ['bob@example.org', 'nonsense'] }, 'invalid-email', 'invited.1'],
    [
      { invited: Array.from({ length: 301 }, (_, n) => `guest${n}@example.org`) },
      'too-many-invited',
      'invited',
    ],
    [{ invited: 'bob@example.org' }, 'bad-request', 'invited'],
    [{ durationMin: '60' }, 'bad-request', 'durationMin'],
    [{ surprise: true }, 'bad-request', undefined],
  ])('names the field that is wrong: %#', async (change, code, field) => {
    const body = { title: 'T', startsAt: later(0), durationMin: 60, invited: [], ...change }
    const answer = await organiser.call('POST /api/meetings', body)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code, ...(field === undefined ? {} : { field }) })
  })

  it('writes nothing when something is wrong', async () => {
    const accounts = async () =>
      (await stranger.call('GET /api/admin/accounts')).body.accounts as unknown[]
    const before = await accounts()
    const invited = ['fresh@example.org', 'nonsense']
    const body = { title: 'T', startsAt: later(0), durationMin: 60, invited }
    await organiser.call('POST /api/meetings', body)
    expect(await accounts()).toEqual(before)
  })
})

describe('reading', () => {
  it('shows the invited who else organises, not who else is invited', async () => {
    const { id } = await plan(organiser, ['bob@example.org', 'carol@example.org'])
    const { meeting } = (await guest.call('GET /api/meetings/:id', undefined, { id })).body as {
      meeting: Meeting
    }
    expect(meeting.mine).toBe(false)
    expect('invited' in meeting).toBe(false)
    const list = (await guest.call('GET /api/meetings')).body.meetings as Meeting[]
    expect(list.every((one) => one.mine || !('invited' in one))).toBe(true)
    expect(list.map((one) => one.id)).toContain(id)
  })

  it('M2 a meeting of others looks like one that does not exist, to administrators too', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    const read = (wanted: string) =>
      stranger.call('GET /api/meetings/:id', undefined, { id: wanted })
    const [others, missing, nonsense] = [
      await read(id),
      await read('A'.repeat(22)),
      await read('x'),
    ]
    expect(others.status).toBe(404)
    expect(missing.text).toBe(others.text)
    expect(nonsense.text).toBe(others.text)
    const shape = ({ headers }: typeof others) =>
      [...headers].filter(([name]) => !['date', 'dpop-nonce'].includes(name))
    expect(shape(missing)).toEqual(shape(others))
    expect((await stranger.call('GET /api/meetings')).body.meetings).toEqual([])
  })
})

describe('changing', () => {
  it('only the organiser cancels; the invited are told, once', async () => {
    const { id } = await plan(organiser, ['bob@example.org'], { startsAt: later(60) })
    await world.tmms.sendDueMails()
    const cancel = (browser: Browser) => browser.call('POST /api/meetings/:id/cancel', {}, { id })
    expect((await cancel(guest)).body.code).toBe('not-found')
    expect((await cancel(stranger)).body.code).toBe('not-found')
    const before = world.mails.length
    expect((await cancel(organiser)).body.meeting.state).toBe('cancelled')
    expect((await cancel(organiser)).body.meeting.state).toBe('cancelled')
    expect(world.mails.slice(before).map(({ to }) => to)).toEqual(['bob@example.org'])
  })

  it('only the organiser invites more; the ones already invited are left alone', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    const invite = (browser: Browser, invited: string[]) =>
      browser.call('POST /api/meetings/:id/invite', { invited }, { id })
    expect((await invite(guest, ['x@example.org'])).body.code).toBe('not-found')
    const before = world.mails.length
    const answer = await invite(organiser, ['bob@example.org', 'dan@example.org'])
    expect(answer.body.meeting.invited).toEqual([
      { email: 'bob@example.org', name: '' },
      { email: 'dan@example.org', name: '' },
    ])
    expect(world.mails.slice(before).map(({ to }) => to)).toEqual(['dan@example.org'])
    const many = Array.from({ length: 299 }, (_, n) => `more${n}@example.org`)
    expect((await invite(organiser, many)).body).toMatchObject({ code: 'too-many-invited' })
    expect((await invite(organiser, ['nonsense'])).body.field).toBe('invited.0')
  })

  it('a meeting that is over can neither be cancelled nor grow', async () => {
    const fresh = await openWorld()
    await fresh.administrator()
    const { browser } = await fresh.person('ada@example.org', 'organiser')
    const { id } = await plan(browser, [])
    fresh.clock.nowMs += 4 * 60 * MINUTE
    const cancel = await browser.call('POST /api/meetings/:id/cancel', {}, { id })
    const invite = await browser.call('POST /api/meetings/:id/invite', { invited: [] }, { id })
    expect([cancel.body.code, invite.body.code]).toEqual(['not-allowed', 'not-allowed'])
    await fresh.close()
  })
})

describe('entering', () => {
  const device = new Device()
  const join = (browser: Browser, id: string) => device.join(browser, id, world.clock.nowMs)

  it('the organiser at any time, the invited from 15 minutes before', async () => {
    const { id } = await plan(organiser, ['bob@example.org'], { startsAt: later(60) })
    expect((await join(organiser, id)).status).toBe(200)
    const early = await join(guest, id)
    expect([early.status, early.body.code]).toEqual([409, 'meeting-not-open'])
    expect(early.body.message).toContain('2026-03-03T10:45:00.000Z')
    world.clock.nowMs += 45 * MINUTE
    expect((await join(guest, id)).status).toBe(200)
    world.clock.nowMs = START
  })

  it('M2 unknown, uninvited, ended and cancelled are answered alike', async () => {
    const open = await plan(organiser, ['bob@example.org'])
    const cancelled = await plan(organiser, ['bob@example.org'])
    await organiser.call('POST /api/meetings/:id/cancel', {}, { id: cancelled.id })
    const answers = [
      await join(stranger, open.id),
      await join(stranger, 'A'.repeat(22)),
      await join(guest, cancelled.id),
      await join(organiser, cancelled.id),
    ]
    world.clock.nowMs += 180 * MINUTE
    answers.push(await join(guest, open.id), await join(organiser, open.id))
    world.clock.nowMs = START
    const shape = ({ headers }: (typeof answers)[0]) =>
      [...headers].filter(([name]) => !['date', 'dpop-nonce'].includes(name))
    for (const answer of answers) {
      expect([answer.status, answer.text]).toEqual([404, answers[0]?.text])
      expect(shape(answer)).toEqual(shape(answers[0]!))
    }
  })

  it('M3 who tries many meetings is slowed down', async () => {
    const { browser } = await world.person('prober@example.org')
    const codes: string[] = []
    for (let n = 0; n < 32; n += 1) {
      codes.push(String((await join(browser, `${n}`.padStart(22, 'A'))).body.code))
    }
    expect(codes.slice(0, 30).every((code) => code === 'not-found')).toBe(true)
    expect(codes.slice(30)).toEqual(['too-many-tries', 'too-many-tries'])
  })

  it('M5 a link without its fragment is enough for the server, which never sees fragments', async () => {
    const { link } = await plan(organiser, ['bob@example.org'])
    const path = link.replace(/#.*/, '')
    const answer = await world.browser().call(`GET ${path}`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect(answer.text).not.toContain(world.tmms.rootThumbprint)
  })

  it('a meeting stays in the list for 30 days', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    world.clock.nowMs += DAY
    await guest.signIn('bob@example.org')
    const listed = async () =>
      ((await guest.call('GET /api/meetings')).body.meetings as Meeting[]).map((one) => one.id)
    expect(await listed()).toContain(id)
    world.clock.nowMs += 30 * DAY
    await guest.signIn('bob@example.org')
    expect(await listed()).not.toContain(id)
    world.clock.nowMs = START
  })
})
