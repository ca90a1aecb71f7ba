import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Meeting } from '../contract/meetings.ts'
import type { Browser } from '../../test/browser.ts'
import { Device } from '../../test/device.ts'
import { follow, tokenOf } from '../../test/links.ts'
import { START, openWorld, plan, type World } from '../../test/world.ts'

let world: World
let organiser: Browser
let guest: Browser
beforeAll(async () => {
  world = await openWorld()
  await world.administrator()
  organiser = (await world.person('ada@example.org', 'organiser')).browser
  guest = (await world.person('bob@example.org')).browser
})
afterAll(() => world.close())

const invite = (id: string, invited: string[]) =>
  organiser.call('POST /api/meetings/:id/invite', { invited }, { id })

describe('a meeting whose link the organiser hands over', () => {
  it('says so to everybody who sees it; its link ends where the secret belongs', async () => {
    const { id, link, ownLink } = await plan(organiser, ['bob@example.org'], { ownLink: true })
    expect([ownLink, link.split('.').length]).toEqual([true, 2])
    const read = await guest.call('GET /api/meetings/:id', undefined, { id })
    expect(read.body.meeting).toMatchObject({ ownLink: true, link })
    const list = (await guest.call('GET /api/meetings')).body.meetings as Meeting[]
    expect(list.find((one) => one.id === id)?.ownLink).toBe(true)
  })

  it('is not one unless asked for', async () => {
    expect((await plan(organiser, [])).ownLink).toBe(false)
    expect((await plan(organiser, [], { ownLink: false })).ownLink).toBe(false)
  })

  it('mails no link but the validation one, which leads to no meeting; later invitations alike', async () => {
    const invited = ['bob@example.org', 'new@example.org']
    const { id } = await plan(organiser, invited, { ownLink: true })
    expect(world.lastMail('bob@example.org').links).toEqual([])
    const validate = world.lastMail('new@example.org').links
    expect(validate).toHaveLength(1)
    const token = tokenOf(validate[0])
    const info = await world.browser().call('POST /api/links/read', { token })
    expect(info.body).toMatchObject({ purpose: 'validate', next: null })
    const fresh = world.browser()
    expect((await follow(fresh, validate[0])).body).toMatchObject({ next: null })
    expect((await new Device().join(fresh, id, START)).status).toBe(200)

    await invite(id, ['later@example.org', 'bob@example.org'])
    const [only, ...more] = world.lastMail('later@example.org').links
    expect(more).toEqual([])
    expect((await follow(world.browser(), only)).body).toMatchObject({ next: null })
  })

  it('is cancelled with a mail that has no link either', async () => {
    const { id } = await plan(organiser, ['bob@example.org'], { ownLink: true })
    await world.tmms.sendDueMails()
    await organiser.call('POST /api/meetings/:id/cancel', {}, { id })
    expect(world.lastMail('bob@example.org')).toMatchObject({
      subject: 'Cancelled: Board',
      links: [],
    })
  })
})

describe('M5 the secret of a link', () => {
  const secret = 'S'.repeat(43)

  it('has no place in any request: what carries it is refused, kept nowhere and not logged', async () => {
    const { id, link } = await plan(organiser, ['bob@example.org'], { ownLink: true })
    const whole = `${link}.${secret}`
    const planning = { title: 'T', startsAt: new Date(START).toISOString(), durationMin: 60 }
    const tries: [string, object][] = [
      ['POST /api/meetings', { ...planning, invited: [], ownLink: true, linkSecret: secret }],
      ['POST /api/meetings', { ...planning, invited: [], ownLink: secret }],
      ['POST /api/meetings', { ...planning, title: whole, invited: [] }],
      ['POST /api/meetings/:id/invite', { invited: [], linkSecret: secret }],
      ['POST /api/meetings/:id/invite', { invited: [whole] }],
      ['POST /api/meetings/:id/join', { linkSecret: secret }],
      ['POST /api/meetings/:id/exclude', { sub: whole }],
      ['POST /api/meetings/:id/invite', { invited: [whole.replace('#', '%23')] }],
      ['POST /api/meetings/:id/invite', { invited: [whole.replace('#', '%2523')] }],
    ]
    for (const [route, body] of tries) {
      const answer = await organiser.call(route, body, { id })
      expect([answer.status, answer.body.code], route).toEqual([400, 'bad-request'])
      expect(answer.text).not.toContain(secret)
    }
    expect(world.logLines.join('')).not.toContain(secret)
    for (const name of readdirSync(world.dataDir).filter((one) => one.startsWith('huisclos'))) {
      expect(readFileSync(join(world.dataDir, name), 'latin1')).not.toContain(secret)
    }
  })

  it('U1 that a mail program moved into the path opens the page and is not logged', async () => {
    const { link } = await plan(organiser, [], { ownLink: true })
    const path = `${link.replace('#', '%23')}.${secret}`
    const twice = path.replace('%23', '%2523')
    for (const moved of [path, twice, `${path}%`, `/api${path}`, `${path}/`]) {
      const { text } = await organiser.call(`GET ${moved}`)
      expect(text).not.toContain(secret)
    }
    expect(world.logLines.join('')).not.toContain(secret)
    for (const moved of [path, twice]) {
      const page = await organiser.call(`GET ${moved}`)
      expect([page.status, page.headers.get('content-type')]).toEqual([
        200,
        'text/html; charset=utf-8',
      ])
    }
  })

  it('is no trouble when there is none: a link without one may stand in a title', async () => {
    const { link } = await plan(organiser, [])
    const title = `Follow-up of ${link}`
    expect((await plan(organiser, [], { title: title.slice(0, 120) })).title).toContain('#v1.')
  })
})
