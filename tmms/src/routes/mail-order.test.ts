/** Mails that wait when what they tell changes, sent by the real queue to a real mail server. */
import ICAL from 'ical.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { smtpAnswer, startMailServer, type MailServer } from '../../test/mail-server.ts'
import type { Browser } from '../../test/browser.ts'
import { follow } from '../../test/links.ts'
import { DAY, START, openWorld, plan, type World } from '../../test/world.ts'
import type { MailRow } from '../contract/mail.ts'
import type { Meeting } from '../contract/meetings.ts'

const BOB = 'bob@example.org'
let world: World
let admin: Browser
let server: MailServer
/** How the server answers for these addresses. */
let answers: Map<string, number>
/** Before a mail is taken. */
let judge: (cut: () => void) => Promise<void> | void
beforeEach(async () => {
  answers = new Map()
  judge = () => undefined
  server = await startMailServer({
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, callback) => {
      const code = answers.get(address)
      if (code === undefined) callback()
      else callback(smtpAnswer(code, 'not now'))
    },
    judge: (_mail, cut) => judge(cut),
  })
  const smtp = { host: '127.0.0.1', security: 'none', user: '', password: '' } as const
  world = await openWorld({ smtp: { ...smtp, port: server.port } })
  admin = await world.administrator()
})
afterEach(async () => {
  await world.close()
  await server.close()
})

const sent = () => world.tmms.sendDueMails()
async function hurry(): Promise<void> {
  answers.clear()
  await admin.call('POST /api/admin/mail/retry', {})
  await sent()
}
const rows = async (state: string) =>
  (await admin.call(`GET /api/admin/mail/queue?state=${state}`)).body.mails as MailRow[]
const withdrawn = async () =>
  (await rows('withdrawn')).map(({ kind, to }) => `${kind} ${to}`).toSorted()

/** What a mailbox got: method and number of calendar entries, else the subject. */
const got = (address: string): string[] =>
  server.mails
    .filter(({ to }) => to.includes(address))
    .map(({ parsed }) => {
      const file = parsed.attachments.find(({ contentType }) => /calendar/.test(contentType))
      if (file === undefined) return parsed.subject ?? ''
      const calendar = new ICAL.Component(ICAL.parse(file.content.toString()) as never[])
      const event = calendar.getFirstSubcomponent('vevent')
      const words = [calendar.getFirstPropertyValue('method')]
      words.push(event?.getFirstPropertyValue('sequence') as string)
      return [...words, event?.getFirstPropertyValue('summary')].join(' ')
    })
const text = (address: string): string =>
  server.mails.findLast(({ to }) => to.includes(address))?.parsed.text ?? ''

const planned = (invited: readonly string[] = [BOB]): Promise<Meeting> =>
  plan(admin, invited, { startsAt: new Date(START + DAY).toISOString() })
async function change(meeting: Meeting, body: object): Promise<Meeting> {
  const asked = { sequence: meeting.sequence, ...body }
  const answer = await admin.call('PATCH /api/meetings/:id', asked, { id: meeting.id })
  expect(answer.status).toBe(200)
  return answer.body.meeting as Meeting
}
const cancel = ({ id }: Meeting) => admin.call('POST /api/meetings/:id/cancel', {}, { id })
const inviteAccount = async (email: string) =>
  (await admin.call('POST /api/admin/accounts', { email, role: 'user', language: 'en' })).body
    .account as { id: string; version: number }

describe('mails that wait', () => {
  it('an invitation that waits and a change become one invitation with the newest state', async () => {
    answers.set(BOB, 451)
    const meeting = await planned()
    await sent()
    await change(await change(meeting, { title: 'Committee' }), { title: 'Council' })
    await sent()
    expect(await withdrawn()).toEqual([`invitation ${BOB}`, `invitation ${BOB}`])
    await hurry()
    expect(got(BOB)).toEqual(['REQUEST 2 Council'])
    expect(text(BOB)).toContain('invites you')
    expect(text(BOB)).toMatch(/\/welcome#/)
  })

  it('of a meeting that nothing has told, no cancellation tells', async () => {
    answers.set(BOB, 451)
    const meeting = await planned()
    await sent()
    const changed = await change(meeting, { title: 'Committee' })
    await sent()
    await cancel(changed)
    await hurry()
    expect(got(BOB)).toEqual([])
    expect(await rows('waiting')).toEqual([])
    expect(await withdrawn()).toEqual([`invitation ${BOB}`, `invitation ${BOB}`])
    expect((await admin.call('GET /api/admin/mail')).body.counts).toMatchObject({
      waiting: 0,
      withdrawn: 2,
    })
  })

  it('of several changes the newest waits, against what was told last', async () => {
    const meeting = await planned()
    await sent()
    answers.set(BOB, 451)
    const once = await change(meeting, { title: 'Committee' })
    await sent()
    await change(once, { durationMin: 90 })
    await hurry()
    expect(got(BOB)).toEqual(['REQUEST 0 Board', 'REQUEST 2 Committee'])
    expect(text(BOB)).toContain('Board · 60 min')
  })

  it('a cancellation replaces a change that waits, and says no more than was told', async () => {
    const meeting = await planned()
    await sent()
    answers.set(BOB, 451)
    const changed = await change(meeting, { title: 'Secret' })
    await sent()
    await cancel(changed)
    await hurry()
    expect(got(BOB)).toEqual(['REQUEST 0 Board', 'CANCEL 2 Board'])
  })

  it('an invitation whose answer was lost may have arrived: the cancellation goes', async () => {
    judge = (cut) => cut()
    const meeting = await planned()
    await sent()
    expect(await rows('waiting')).toHaveLength(1)
    judge = () => undefined
    await cancel(meeting)
    await hurry()
    expect(got(BOB)).toEqual(['REQUEST 0 Board', 'CANCEL 1 Board'])
  })

  it('one under way when the meeting is cancelled is shown as sent, and the cancellation follows', async () => {
    let taken = (): void => undefined
    let release = (): void => undefined
    const underWay = new Promise<void>((resolve) => (taken = resolve))
    const gate = new Promise<void>((resolve) => (release = resolve))
    judge = () => {
      taken()
      return gate
    }
    const meeting = await planned()
    const sending = sent()
    await underWay
    await cancel(meeting)
    release()
    await sending
    await sent()
    expect(got(BOB)).toEqual(['REQUEST 0 Board', 'CANCEL 1 Board'])
    expect((await rows('sent')).map(({ kind }) => kind).toSorted()).toEqual([
      'cancellation',
      'invitation',
    ])
  })

  it('one that was given up is not tried again for a cancelled meeting', async () => {
    answers.set(BOB, 550)
    const meeting = await planned()
    await sent()
    const [mail] = await rows('given-up')
    await cancel(meeting)
    expect(await rows('given-up')).toEqual([])
    expect(await rows('withdrawn')).toMatchObject([{ id: mail?.id, canRetry: false }])
    const retried = await admin.call('POST /api/admin/mail/queue/:id/retry', {}, { id: mail!.id })
    expect(retried.body.code).toBe('not-allowed')
    await hurry()
    expect(got(BOB)).toEqual([])
  })

  it('who is taken off and comes back gets one invitation, with a number that counts', async () => {
    const meeting = await planned()
    await sent()
    answers.set(BOB, 451)
    const without = await change(meeting, { invited: [] })
    await sent()
    await change(without, { invited: [{ email: BOB }] })
    await hurry()
    expect(got(BOB)).toEqual(['REQUEST 0 Board', 'REQUEST 2 Board'])
  })
})

describe('account mails that wait', () => {
  it('are withdrawn with the invitation', async () => {
    answers.set(BOB, 451)
    const { id } = await inviteAccount(BOB)
    await sent()
    const answer = await admin.call('POST /api/admin/accounts/:id/withdraw', {}, { id })
    expect(answer.status).toBe(200)
    await hurry()
    expect([got(BOB), await withdrawn()]).toEqual([[], [`welcome ${BOB}`]])
  })

  it('are withdrawn from a mistyped address, and go to the right one', async () => {
    answers.set('wrong@example.org', 451)
    const { id } = await inviteAccount('wrong@example.org')
    const { version } = (await admin.call('GET /api/admin/accounts/:id', undefined, { id })).body
    const meeting = await planned(['wrong@example.org'])
    await sent()
    const body = { version, email: BOB }
    const changed = await admin.call('PATCH /api/admin/accounts/:id', body, { id })
    expect(changed.status).toBe(200)
    await hurry()
    expect(got('wrong@example.org')).toEqual([])
    expect(got(BOB).toSorted()).toEqual(['REQUEST 1 Board', 'Your Huisclos account'])
    expect(meeting.sequence).toBe(0)
    expect(await withdrawn()).toEqual(['invitation wrong@example.org', 'welcome wrong@example.org'])
  })

  it('sent twice, one waits; used by another way, none', async () => {
    answers.set(BOB, 451)
    const { id } = await inviteAccount(BOB)
    await sent()
    await inviteAccount(BOB)
    expect((await rows('waiting')).map(({ kind }) => kind)).toEqual(['welcome'])
    expect(id).not.toBe('')
    const done = await follow(world.browser(), world.lastMail(BOB).links[0])
    expect(done.status).toBe(200)
    await hurry()
    expect(got(BOB)).toEqual([])
  })

  it('of somebody who is suspended are withdrawn', async () => {
    answers.set(BOB, 451)
    const { id } = await inviteAccount(BOB)
    await sent()
    await admin.call('POST /api/admin/accounts/:id/suspend', {}, { id })
    await hurry()
    expect(got(BOB)).toEqual([])
  })
})
