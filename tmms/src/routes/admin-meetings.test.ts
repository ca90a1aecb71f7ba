import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser, type ParsedMail } from 'mailparser'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccessEnd } from '../contract/access.ts'
import type { MeetingPage, MeetingRow } from '../contract/admin-meetings.ts'
import type { AuditEntry } from '../contract/audit.ts'
import type { PresentPeer } from '../contract/presence.ts'
import { codeOf, type Browser } from '../../test/browser.ts'
import { Device } from '../../test/device.ts'
import { DAY, MINUTE, START, openWorld, plan, type World } from '../../test/world.ts'

let world: World
let admin: Browser
let ada: { browser: Browser; account: { id: string } }
let bob: { browser: Browser; account: { id: string } }
let ends: AccessEnd[]
let inside: Map<string, PresentPeer[]>
beforeEach(async () => {
  ends = []
  inside = new Map()
  world = await openWorld({
    onAccessEnded: (end) => void ends.push(end),
    presence: {
      count: (mid) => inside.get(mid)?.length ?? 0,
      peersIn: (mid) => Promise.resolve(inside.get(mid) ?? []),
    },
  })
  admin = await world.administrator()
  ada = await world.person('ada@example.org', 'organiser')
  bob = await world.person('bob@example.org')
})
afterEach(() => world.close())

const list = async (query = ''): Promise<readonly MeetingRow[]> => {
  const rows: MeetingRow[] = []
  let cursor = ''
  do {
    const answer = await admin.call(`GET /api/admin/meetings?${query}${cursor}`)
    expect(codeOf(answer)).toBe('ok')
    rows.push(...(answer.body.meetings as MeetingRow[]))
    cursor = answer.body.next === null ? '' : `&cursor=${String(answer.body.next)}`
  } while (cursor !== '')
  return rows
}
const titles = async (query: string) => (await list(query)).map(({ title }) => title)
const read = async (id: string) =>
  (await admin.call('GET /api/admin/meetings/:id', undefined, { id })).body as MeetingPage
const act = (deed: 'cancel' | 'end' | 'organiser', id: string, body: object = {}) =>
  admin.call(`POST /api/admin/meetings/:id/${deed}`, body, { id })
const at = (ms: number) => ({ startsAt: new Date(START + ms).toISOString() })
const log = async (action: string) =>
  (await admin.call(`GET /api/admin/audit?action=${action}`)).body.entries as AuditEntry[]

interface Sent {
  readonly text: string
  /** RFC 5545, unfolded; empty when there is none. */
  readonly calendar: string
}

async function mailTo(email: string, subject: string): Promise<Sent> {
  await world.tmms.sendDueMails()
  const folder = join(world.dataDir, 'outbox')
  const all = await Promise.all(
    readdirSync(folder).map((file) => simpleParser(readFileSync(join(folder, file)))),
  )
  const to = ({ to: header }: ParsedMail) => [header ?? []].flat().map(({ text }) => text)
  const mail = all.find((one) => to(one).includes(email) && one.subject === subject)
  const calendar = mail?.attachments.find(({ contentType }) => contentType === 'text/calendar')
  return {
    text: mail?.text ?? '',
    calendar: (calendar?.content.toString() ?? '').replaceAll('\r\n ', ''),
  }
}

describe('the list of all meetings', () => {
  beforeEach(async () => {
    await plan(ada.browser, ['bob@example.org'], { title: 'Été au bord' })
    await plan(ada.browser, [], { title: 'Budget', ...at(3 * DAY) })
    const { id } = await plan(admin, [], { title: 'Dropped', ...at(DAY) })
    await admin.call('POST /api/meetings/:id/cancel', {}, { id })
    world.clock.nowMs += 4 * 60 * MINUTE
    await plan(admin, [], { title: 'Board', ...at(4 * 60 * MINUTE) })
  })

  it('finds them by words of the title or of the organiser, by state, organiser and start', async () => {
    expect(await titles('')).toEqual(['Budget', 'Dropped', 'Board', 'Été au bord'])
    expect(await titles('order=asc')).toEqual(['Été au bord', 'Board', 'Dropped', 'Budget'])
    expect(await titles('q=ete%20BOR')).toEqual(['Été au bord'])
    expect(await titles('q=ada@example')).toEqual(['Budget', 'Été au bord'])
    expect(await titles('q=root%20b')).toEqual(['Board'])
    expect(await titles('q=nothing')).toEqual([])
    expect(await titles('state=planned')).toEqual(['Budget'])
    expect(await titles('state=open')).toEqual(['Board'])
    expect(await titles('state=ended')).toEqual(['Été au bord'])
    expect(await titles('state=cancelled')).toEqual(['Dropped'])
    expect(await titles(`organiser=${ada.account.id}`)).toEqual(['Budget', 'Été au bord'])
    const from = new Date(START + 1).toISOString()
    const until = new Date(START + 3 * DAY).toISOString()
    expect(await titles(`from=${from}&until=${until}`)).toEqual(['Dropped', 'Board'])
  })

  it('goes on behind the last row shown, and takes no other place', async () => {
    for (const order of ['asc', 'desc']) {
      const all = await titles(`order=${order}`)
      expect(await titles(`order=${order}&limit=1`)).toEqual(all)
      expect(await titles(`order=${order}&limit=3`)).toEqual(all)
    }
    const wrong = await admin.call('GET /api/admin/meetings?cursor=1')
    expect([wrong.body.code, wrong.body.field]).toEqual(['bad-request', 'cursor'])
  })

  it('is found by its new title, and by the new name of its organiser', async () => {
    const [budget] = await list('q=budget')
    const change = { sequence: 0, title: 'Finance' }
    await ada.browser.call('PATCH /api/meetings/:id', change, { id: budget!.id })
    expect(await titles('q=budget')).toEqual([])
    expect(await titles('q=finance')).toEqual(['Finance'])
    const person = await admin.call('GET /api/admin/accounts/:id', undefined, {
      id: ada.account.id,
    })
    const body = { firstName: 'Augusta', version: person.body.version as number }
    await admin.call('PATCH /api/admin/accounts/:id', body, { id: ada.account.id })
    expect(await titles('q=augusta')).toEqual(['Finance', 'Été au bord'])
  })
})

describe('one meeting', () => {
  it('M6 says who is invited, who is in since when, and how well it travels, and nothing else', async () => {
    const { id } = await plan(ada.browser, ['bob@example.org'])
    const quality = { sendsBps: 1, receivesBps: 2, lostOfSent: 0.5, lostOfReceived: null, score: 7 }
    inside.set(id, [
      { sub: ada.account.id, sinceMs: START + 5, quality: null },
      { sub: bob.account.id, sinceMs: START, quality },
    ])
    const page = await read(id)
    expect(page.meeting).toMatchObject({ state: 'open', invited: 1, present: 2 })
    expect(page.invited.map(({ email }) => email)).toEqual(['bob@example.org'])
    expect(page.present.map(({ who, since, quality: q }) => [who.email, since, q])).toEqual([
      ['bob@example.org', new Date(START).toISOString(), quality],
      ['ada@example.org', new Date(START + 5).toISOString(), null],
    ])
    expect(JSON.stringify(page)).not.toContain('127.0.0.1')
    expect(
      codeOf(await admin.call('GET /api/admin/meetings/:id', undefined, { id: 'A'.repeat(22) })),
    ).toBe('not-found')
  })
})

describe('what administrators do to a meeting', () => {
  it('E4 cancels it: the invited get a CANCEL, the organiser is told, everybody is out', async () => {
    const { id } = await plan(ada.browser, ['bob@example.org'])
    await world.tmms.sendDueMails()
    expect(((await act('cancel', id)).body as MeetingPage).meeting.state).toBe('cancelled')
    expect(ends).toContainEqual(expect.objectContaining({ mid: id, reason: 'meeting-ended' }))
    for (const email of ['ada@example.org', 'bob@example.org']) {
      const { text, calendar } = await mailTo(email, 'Cancelled: Board')
      expect(text).toContain('An administrator has cancelled')
      if (email === 'ada@example.org') expect(calendar).toBe('')
      else expect(calendar).toMatch(/METHOD:CANCEL[^]*SEQUENCE:1/)
    }
    expect(await log('meeting-cancelled')).toHaveLength(1)
    const mails = world.mails.length
    expect(codeOf(await act('cancel', id))).toBe('ok')
    expect(world.mails).toHaveLength(mails)
    const over = await plan(ada.browser, [])
    world.clock.nowMs += 4 * 60 * MINUTE
    expect(codeOf(await act('cancel', over.id))).toBe('not-allowed')
  })

  it('E4 ends one that is on, also beyond its end, for good and without a mail', async () => {
    const { id } = await plan(ada.browser, ['bob@example.org'])
    const later = await plan(ada.browser, [], at(DAY))
    expect(codeOf(await act('end', later.id))).toBe('wrong-state')
    const device = new Device()
    expect((await device.join(bob.browser, id, START)).status).toBe(200)
    const mails = world.mails.length
    const ended = (await act('end', id)).body as MeetingPage
    expect(ended.meeting.state).toBe('ended')
    expect(ended.endedAt).toBe(new Date(START).toISOString())
    expect(ends).toContainEqual(expect.objectContaining({ mid: id, reason: 'meeting-ended' }))
    expect(world.mails).toHaveLength(mails)
    // Whoever was in has a token of a moment ago, and yet may not come back.
    expect((await device.join(bob.browser, id, START)).body.code).toBe('not-found')
    expect((await device.join(ada.browser, id, START)).body.code).toBe('not-found')
    expect(codeOf(await act('end', id))).toBe('wrong-state')
    expect(await log('meeting-ended')).toHaveLength(1)

    const long = await plan(ada.browser, ['bob@example.org'])
    await device.join(bob.browser, long.id, START)
    world.clock.nowMs += 181 * MINUTE
    expect(codeOf(await act('end', long.id))).toBe('wrong-state')
    inside.set(long.id, [{ sub: bob.account.id, sinceMs: START, quality: null }])
    expect(codeOf(await act('end', long.id))).toBe('ok')
  })

  it('E6 gives it another organiser: rights change at once, calendars learn it, the former one stays invited', async () => {
    const eve = await world.person('eve@example.org', 'organiser')
    const { id } = await plan(ada.browser, ['bob@example.org', 'eve@example.org'])
    await world.tmms.sendDueMails()
    const to = eve.account.id
    expect((await act('organiser', id, { sequence: 1, to })).body.code).toBe('changed-meanwhile')
    for (const wrong of [bob.account.id, ada.account.id, 'A'.repeat(22)]) {
      const refused = await act('organiser', id, { sequence: 0, to: wrong })
      expect([refused.body.code, refused.body.field]).toEqual(['no-organiser', 'to'])
    }
    const page = (await act('organiser', id, { sequence: 0, to })).body as MeetingPage
    expect(page.meeting.organiser.email).toBe('eve@example.org')
    expect(page.sequence).toBe(1)
    expect(page.invited.map(({ email }) => email)).toEqual(['ada@example.org', 'bob@example.org'])
    for (const sub of [to, ada.account.id]) {
      expect(ends).toContainEqual(
        expect.objectContaining({ sub, mid: id, reason: 'rights-changed' }),
      )
    }
    for (const email of ['ada@example.org', 'bob@example.org']) {
      const { text, calendar } = await mailTo(email, 'Changed: Board')
      expect(text).toContain('An administrator has changed this meeting')
      expect(calendar).toMatch(/METHOD:REQUEST[^]*SEQUENCE:1/)
      expect(calendar).toMatch(/ORGANIZER[^\r]*mailto:eve@example\.org/)
    }
    expect(world.lastMail('eve@example.org').subject).toBe(
      'You are the organiser now, in place of Ada Lovelace',
    )
    const mine = async (browser: Browser) =>
      (await browser.call('GET /api/meetings/:id', undefined, { id })).body.meeting.mine as boolean
    expect([await mine(ada.browser), await mine(eve.browser)]).toEqual([false, true])
    expect(await log('meeting-handed-over')).toHaveLength(1)
  })

  it('gives it to nobody whose group may not organise, as with the deletion of an account', async () => {
    const eve = await world.person('eve@example.org', 'organiser')
    const { id } = await plan(ada.browser, [])
    const group = { name: 'Guests', domains: [], restrictions: { organise: false } }
    const made = await admin.call('POST /api/admin/groups', group)
    const groupId = String(made.body.group.id)
    const emails = ['eve@example.org']
    await admin.call('POST /api/admin/groups/:id/members', { emails }, { id: groupId })
    const to = eve.account.id
    expect((await act('organiser', id, { sequence: 0, to })).body.code).toBe('no-organiser')
    const deletion = { meetings: 'hand-over', to }
    const refused = await admin.call('POST /api/admin/accounts/:id/delete', deletion, {
      id: ada.account.id,
    })
    expect([refused.body.code, refused.body.field]).toEqual(['no-organiser', 'to'])
  })

  it('the deletion of an account tells the invited who organises their meeting now', async () => {
    const { id } = await plan(ada.browser, ['bob@example.org'])
    await world.tmms.sendDueMails()
    const me = (await admin.call('GET /api/me')).body.id as string
    const deletion = { meetings: 'hand-over', to: me }
    await admin.call('POST /api/admin/accounts/:id/delete', deletion, { id: ada.account.id })
    const { calendar } = await mailTo('bob@example.org', 'Changed: Board')
    expect(calendar).toMatch(/METHOD:REQUEST[^]*SEQUENCE:1/)
    expect(calendar).toMatch(/ORGANIZER[^\r]*mailto:root@example\.org/)
    expect((await read(id)).sequence).toBe(1)
    expect((await read(id)).invited.map(({ email }) => email)).toEqual(['bob@example.org'])
  })
})

describe('who was in from when to when', () => {
  const note = (mid: string, connection: string, there: boolean, atMs: number) =>
    world.tmms.notePresence({ mid, sub: bob.account.id, connection, there, atMs })
  const csv = async (browser: Browser, id: string) =>
    browser.call('POST /api/meetings/:id/attendance/export', {}, { id })

  it('M6 is kept where the policy says so, and handed to organiser and administrators only', async () => {
    const { id } = await plan(ada.browser, ['bob@example.org'])
    await new Device().join(bob.browser, id, START)
    note(id, 'a', true, START + MINUTE)
    note(id, 'a', false, START + 31 * MINUTE)
    note(id, 'b', true, START + 40 * MINUTE)
    await expect.poll(async () => (await read(id)).attendance).toEqual({ kept: true, stays: 2 })
    expect((await mailTo('bob@example.org', 'Invitation: Board')).text).toContain('is kept for')
    const lines = ((await csv(ada.browser, id)).body.csv as string).trim().split('\r\n')
    expect(lines).toEqual([
      '"Name","Email","From (Europe/Paris)","To (Europe/Paris)","Minutes"',
      '"Ada Lovelace","bob@example.org","2026-03-03 11:01:00","2026-03-03 11:31:00","30"',
      '"Ada Lovelace","bob@example.org","2026-03-03 11:40:00","",""',
    ])
    expect(codeOf(await csv(admin, id))).toBe('ok')
    expect(codeOf(await csv(bob.browser, id))).toBe('not-found')
    expect(codeOf(await csv(world.browser(), id))).toBe('signed-out')
    const [entry] = await log('export')
    expect(entry).toMatchObject({ object: { id }, details: { what: 'attendance', rows: 2 } })
  })

  it('M6 a name that a spreadsheet would take for a formula is text', async () => {
    const { id } = await plan(ada.browser, ['bob@example.org'])
    const version = (
      await admin.call('GET /api/admin/accounts/:id', undefined, { id: bob.account.id })
    ).body.version as number
    const change = { version, firstName: '=1+1', lastName: 'x' }
    await admin.call('PATCH /api/admin/accounts/:id', change, { id: bob.account.id })
    note(id, 'a', true, START)
    await expect.poll(async () => (await read(id)).attendance.stays).toBe(1)
    expect((await csv(admin, id)).body.csv).toContain(`"'=1+1 x",`)
  })

  it('is kept of no meeting whose profile does not say so, then or since', async () => {
    const secret = await plan(ada.browser, ['bob@example.org'], {
      profile: 'restricted',
      ownLink: true,
    })
    const { id } = await plan(ada.browser, ['bob@example.org'])
    const policy = (await admin.call('GET /api/admin/policy')).body
    policy.profiles.standard.switches.attendance = false
    policy.profiles.restricted.switches.attendance = true
    await admin.call('PUT /api/admin/policy', policy)
    note(secret.id, 'a', true, START)
    note(id, 'b', true, START)
    const later = await plan(ada.browser, [], { profile: 'restricted', ownLink: true })
    note(later.id, 'c', true, START)
    await expect.poll(async () => (await read(later.id)).attendance.stays).toBe(1)
    for (const one of [secret.id, id]) {
      expect((await read(one)).attendance).toEqual({ kept: false, stays: 0 })
    }
    const seen = async (one: string) =>
      (await ada.browser.call('GET /api/meetings/:id', undefined, { id: one })).body.meeting
        .attendance as unknown
    expect([await seen(id), await seen(later.id)]).toEqual([undefined, true])
  })
})
