import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountRow } from '../contract/people.ts'
import type { MailRow } from '../contract/mail.ts'
import type { LinkInfo } from '../contract/sign-in.ts'
import type { Meeting } from '../contract/meetings.ts'
import { codeOf, type Answer } from '../../test/browser.ts'
import { Device } from '../../test/device.ts'
import { credentialFor, follow, tokenOf } from '../../test/links.ts'
import { openWorld, plan, type World } from '../../test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const MANY = 8
const times = <T>(work: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: MANY }, () => work()))
const codes = (answers: readonly Answer[]) => answers.map(codeOf).toSorted()

describe('Q8 what may happen once happens once, however many ask at the same time', () => {
  it('a set-up link makes one administrator', async () => {
    const link = await world.tmms.setupLink()
    const more = { email: 'root@example.org' }
    const answers = await times(() => follow(world.browser(), link, more))
    expect(codes(answers)).toEqual([...Array<string>(MANY - 1).fill('link-used'), 'ok'])
    expect(await world.tmms.setupLink()).toBeNull()
  })

  it('a validation link signs one browser in', async () => {
    const admin = world.browser()
    await admin.signIn('root@example.org')
    const body = { email: 'once@example.org', role: 'user', language: 'en' }
    await admin.call('POST /api/admin/accounts', body)
    const token = tokenOf(world.lastMail('once@example.org').links[0])
    const read = await world.browser().call('POST /api/links/read', { token })
    const accept = {
      token,
      firstName: 'Ada',
      lastName: 'Lovelace',
      language: 'en',
      credential: credentialFor((read.body as LinkInfo).params),
    }
    const browsers = await times(async () => {
      const browser = world.browser()
      return { browser, answer: await browser.call('POST /api/links/accept', accept) }
    })
    const expected = [...Array<string>(MANY - 1).fill('link-used'), 'ok']
    expect(codes(browsers.map(({ answer }) => answer))).toEqual(expected)
    expect(browsers.filter(({ browser }) => browser.cookies.has('__Host-session'))).toHaveLength(1)
  })

  it('an address that is invited many times becomes one account', async () => {
    const admin = world.browser()
    await admin.signIn('root@example.org')
    const body = { email: 'many@example.org', role: 'user', language: 'en' }
    expect(codes(await times(() => admin.call('POST /api/admin/accounts', body)))).toEqual(
      Array<string>(MANY).fill('ok'),
    )
    const { accounts } = (await admin.call('GET /api/admin/accounts?q=many@')).body
    expect((accounts as AccountRow[]).map(({ email }) => email)).toEqual(['many@example.org'])
  })

  it('a meeting is cancelled, and mailed about, once', async () => {
    const { browser } = await world.person('host@example.org', 'organiser')
    const { id } = await plan(browser, ['guest@example.org'])
    const before = world.mails.length
    const answers = await times(() => browser.call('POST /api/meetings/:id/cancel', {}, { id }))
    expect(codes(answers)).toEqual(Array<string>(MANY).fill('ok'))
    expect(world.mails.slice(before).map(({ to }) => to)).toEqual(['guest@example.org'])
  })

  it('nobody is invited to a meeting that is cancelled in the same moment', async () => {
    const admin = world.browser()
    await admin.signIn('root@example.org')
    const { browser } = await world.person('host2@example.org', 'organiser')
    const { id } = await plan(browser, [])
    const emails = Array.from({ length: 2 * MANY }, (_, n) => `late${n}@x.org`)
    const invite = (email: string) =>
      browser.call('POST /api/meetings/:id/invite', { invited: [email] }, { id })
    const first = emails.slice(0, MANY).map(invite)
    const cancelling = browser.call('POST /api/meetings/:id/cancel', {}, { id })
    const answers = await Promise.all([...first, ...emails.slice(MANY).map(invite)])
    expect(codeOf(await cancelling)).toBe('ok')
    const inTime = emails.filter((_, n) => codeOf(answers[n]!) === 'ok')
    const { invited } = (await browser.call('GET /api/meetings/:id', undefined, { id })).body
      .meeting as Meeting
    expect(invited?.map(({ email }) => email).toSorted()).toEqual(inTime.toSorted())
    const about = (word: string) =>
      world.mails
        .filter(({ to, subject }) => emails.includes(to) && subject.startsWith(word))
        .map(({ to }) => to)
        .toSorted()
    expect(about('Invitation')).toEqual(inTime.toSorted())
    // Whom nothing has reached nothing is told.
    await world.tmms.sendDueMails()
    const { body } = await admin.call('GET /api/admin/mail/queue?state=sent&limit=100')
    const sent = (body.mails as MailRow[]).filter(({ to }) => emails.includes(to))
    const kinds = Map.groupBy(sent, ({ to }) => to)
    for (const mails of kinds.values()) {
      expect(mails.map(({ kind }) => kind).toSorted()).toEqual(['cancellation', 'invitation'])
    }
    expect(about('Cancelled')).toEqual([...kinds.keys()].toSorted())
  })

  it('everybody who joins at once comes into the same session', async () => {
    const { browser } = await world.person('host3@example.org', 'organiser')
    const { id } = await plan(browser, [])
    const answers = await times(() => new Device().join(browser, id, world.clock.nowMs))
    expect(new Set(answers.map(({ body }) => body.msid as string)).size).toBe(1)
  })

  it('misses are taken from the budget before the meeting is looked for', async () => {
    const { browser } = await world.person('prober@example.org')
    const unknown = 'A'.repeat(22)
    const device = new Device()
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => device.join(browser, unknown, world.clock.nowMs)),
    )
    expect(codes(answers).filter((code) => code === 'not-found')).toHaveLength(30)
  })
})
