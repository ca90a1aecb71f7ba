/** What calendars learn when an account is deleted or gets another address. */
import ICAL from 'ical.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startMailServer, type MailServer } from '../../test/mail-server.ts'
import type { Browser } from '../../test/browser.ts'
import { DAY, START, openWorld, plan, type World } from '../../test/world.ts'
import type { Meeting } from '../contract/meetings.ts'

let world: World
let admin: Browser
let ada: { browser: Browser; id: string }
let server: MailServer
let meeting: Meeting
beforeEach(async () => {
  server = await startMailServer({ disabledCommands: ['STARTTLS'] })
  const smtp = { host: '127.0.0.1', security: 'none', user: '', password: '' } as const
  world = await openWorld({ smtp: { ...smtp, port: server.port } })
  admin = await world.administrator()
  const person = await world.person('ada@example.org', 'organiser')
  ada = { browser: person.browser, id: person.account.id }
  meeting = await plan(ada.browser, ['bob@example.org', 'carol@example.org'], {
    startsAt: new Date(START + DAY).toISOString(),
  })
  await world.tmms.sendDueMails()
  received = server.mails.length
})
afterEach(async () => {
  await world.close()
  await server.close()
})

let received = 0
/** Entries that came since: address, method, number and organiser; other mails by their subject. */
async function news(): Promise<string[]> {
  await world.tmms.sendDueMails()
  const fresh = server.mails.slice(received)
  received = server.mails.length
  return fresh
    .map(({ to, parsed }) => {
      const file = parsed.attachments.find(({ contentType }) => /calendar/.test(contentType))
      if (file === undefined) return `${to[0]} ${parsed.subject}`
      const calendar = new ICAL.Component(ICAL.parse(file.content.toString()) as never[])
      const event = calendar.getFirstSubcomponent('vevent')
      const uid = String(event?.getFirstPropertyValue('uid'))
      expect(uid).toBe(`${meeting.id}@meet.example.org`)
      const method = String(calendar.getFirstPropertyValue('method'))
      const words = ['sequence', 'organizer'].map((name) =>
        String(event?.getFirstPropertyValue(name)).replace(/^mailto:/i, ''),
      )
      return [to[0], method, ...words].join(' ')
    })
    .toSorted()
}
const idOf = async (email: string): Promise<string> => {
  const found = await admin.call(`GET /api/admin/accounts?q=${encodeURIComponent(email)}`)
  return (found.body.accounts as { id: string }[])[0]!.id
}
async function move(id: string, email: string): Promise<void> {
  const { version } = (await admin.call('GET /api/admin/accounts/:id', undefined, { id })).body
  const { status } = await admin.call('PATCH /api/admin/accounts/:id', { version, email }, { id })
  expect(status).toBe(200)
}
const current = async (): Promise<Meeting> =>
  (await ada.browser.call('GET /api/meetings/:id', undefined, { id: meeting.id })).body
    .meeting as Meeting

describe('an invited person', () => {
  it('whose account is deleted gets a CANCEL with a raised number, and the others nothing', async () => {
    const id = await idOf('bob@example.org')
    await admin.call('POST /api/admin/accounts/:id/delete', { meetings: 'cancel' }, { id })
    expect(await news()).toEqual(['bob@example.org CANCEL 1 ada@example.org'])
    expect(server.mails.at(-1)?.parsed.text).toContain('An administrator has taken you off')
    const { sequence, invited } = await current()
    expect([sequence, invited?.map(({ email }) => email)]).toEqual([1, ['carol@example.org']])
  })

  it('whose invitation to the house is withdrawn gets a CANCEL, too', async () => {
    const id = await idOf('bob@example.org')
    await admin.call('POST /api/admin/accounts/:id/withdraw', {}, { id })
    expect(await news()).toEqual(['bob@example.org CANCEL 1 ada@example.org'])
  })

  it('who is deleted gets nothing for meetings that are cancelled or over', async () => {
    await ada.browser.call('POST /api/meetings/:id/cancel', {}, { id: meeting.id })
    await news()
    meeting = await plan(ada.browser, ['bob@example.org'])
    await news()
    world.clock.nowMs += 6 * 3_600_000
    await admin.signIn('root@example.org')
    const id = await idOf('bob@example.org')
    await admin.call('POST /api/admin/accounts/:id/delete', { meetings: 'cancel' }, { id })
    expect(await news()).toEqual([])
  })

  it('with another address is invited there, and the former mailbox gets a CANCEL', async () => {
    await move(await idOf('bob@example.org'), 'rob@example.org')
    expect(await news()).toEqual([
      'bob@example.org CANCEL 1 ada@example.org',
      'rob@example.org REQUEST 1 ada@example.org',
      'rob@example.org Your Huisclos account',
    ])
    const link = server.mails.findLast(({ to }) => to[0] === 'rob@example.org')?.parsed.text
    expect(link).toMatch(/\/welcome#/)
  })

  it('who has an account and another address signs in there as before', async () => {
    await world.person('bob@example.org')
    await news()
    await move(await idOf('bob@example.org'), 'rob@example.org')
    expect(await news()).toEqual([
      'bob@example.org CANCEL 1 ada@example.org',
      'bob@example.org The address of your Huisclos account has changed',
      'rob@example.org REQUEST 1 ada@example.org',
      'rob@example.org The address of your Huisclos account has changed',
    ])
    const invitation = server.mails.find(
      ({ to, parsed }) => to[0] === 'rob@example.org' && parsed.subject === 'Invitation: Board',
    )
    expect(invitation?.parsed.text).not.toContain('/welcome#')
  })
})

describe('an organiser with another address', () => {
  it('is the ORGANIZER of an update with a raised number for each of the invited', async () => {
    await move(ada.id, 'ada.lovelace@example.org')
    expect(await news()).toEqual([
      'ada.lovelace@example.org The address of your Huisclos account has changed',
      'ada@example.org The address of your Huisclos account has changed',
      'bob@example.org REQUEST 1 ada.lovelace@example.org',
      'carol@example.org REQUEST 1 ada.lovelace@example.org',
    ])
    const update = server.mails.findLast(({ to }) => to[0] === 'bob@example.org')?.parsed.text
    expect(update).toContain('An administrator has changed this meeting')
    expect(update).toContain('ada@example.org')
  })
})
