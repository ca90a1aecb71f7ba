import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeJwt } from 'jose'
import type { JoinGrant, Meeting } from '../contract/meetings.ts'
import type { AccessEnd } from '../contract/access.ts'
import type { Browser } from '../../test/browser.ts'
import { Device } from '../../test/device.ts'
import { START, openWorld, plan, type World } from '../../test/world.ts'

let world: World
let organiser: Browser
let guest: Browser
let [guestId, organiserId, strangerId] = ['', '', '']
const told: AccessEnd[] = []
const device = new Device()
beforeAll(async () => {
  world = await openWorld({ onAccessEnded: (end) => void told.push(end) })
  await world.administrator()
  const ada = await world.person('ada@example.org', 'organiser')
  const bob = await world.person('bob@example.org')
  organiser = ada.browser
  guest = bob.browser
  ;[organiserId, guestId] = [ada.account.id, bob.account.id]
  strangerId = (await world.person('eve@example.org')).account.id
})
afterAll(() => world.close())

const exclude = (id: string, sub: string, browser = organiser) =>
  browser.call('POST /api/meetings/:id/exclude', { sub }, { id })
const join = (browser: Browser, id: string) => device.join(browser, id, world.clock.nowMs)
const listed = async (browser: Browser) =>
  ((await browser.call('GET /api/meetings')).body.meetings as Meeting[]).map(({ id }) => id)

describe('R2 somebody who was put out of a meeting', () => {
  it('gets no further token, and finds no such meeting, as if never invited (M2)', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    expect((await join(guest, id)).status).toBe(200)
    expect((await exclude(id, guestId)).body).toEqual({})
    const [excluded, unknown] = [await join(guest, id), await join(guest, 'A'.repeat(22))]
    expect([excluded.status, excluded.text]).toEqual([404, unknown.text])
    const shape = ({ headers }: typeof excluded) => [...headers].filter(([name]) => name !== 'date')
    expect(shape(excluded)).toEqual(shape(unknown))
    const read = await guest.call('GET /api/meetings/:id', undefined, { id })
    expect([read.status, read.text]).toEqual([404, unknown.text])
    expect(await listed(guest)).not.toContain(id)
    const own = await organiser.call('GET /api/meetings/:id', undefined, { id })
    expect(own.body.meeting.invited).toEqual([])
  })

  it('is still in the other meetings, and the others are still in this one', async () => {
    const { id } = await plan(organiser, ['bob@example.org', 'eve@example.org'])
    const other = await plan(organiser, ['bob@example.org'])
    await exclude(id, guestId)
    expect((await join(guest, other.id)).status).toBe(200)
    const eve = world.browser()
    await eve.signIn('eve@example.org')
    expect((await join(eve, id)).status).toBe(200)
  })

  it('is told to the TCS, each time, with the moment from which older tokens are worthless', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    const { token } = (await join(guest, id)).body as JoinGrant
    told.length = 0
    await exclude(id, guestId)
    await exclude(id, guestId)
    expect(told).toEqual(
      [START, START + 1].map((atMs) => ({ mid: id, sub: guestId, atMs, reason: 'removed' })),
    )
    expect(Number(decodeJwt(token).iat) * 1000).toBeLessThanOrEqual(START)
  })

  it('comes back when invited again, and is mailed again', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    await exclude(id, guestId)
    const before = world.mails.length
    const body = { invited: ['bob@example.org'] }
    const answer = await organiser.call('POST /api/meetings/:id/invite', body, { id })
    expect(answer.body.meeting.invited).toEqual([{ email: 'bob@example.org', name: '' }])
    expect(world.mails.slice(before).map(({ to }) => to)).toEqual(['bob@example.org'])
    expect((await join(guest, id)).status).toBe(200)
    expect(await listed(guest)).toContain(id)
  })

  it('is not told of the cancellation', async () => {
    const { id } = await plan(organiser, ['bob@example.org', 'eve@example.org'])
    await exclude(id, guestId)
    const before = world.mails.length
    await organiser.call('POST /api/meetings/:id/cancel', {}, { id })
    expect(world.mails.slice(before).map(({ to }) => to)).toEqual(['eve@example.org'])
  })
})

describe('excluding', () => {
  it('is refused for oneself, for strangers, and for what is no account', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    told.length = 0
    for (const sub of [organiserId, strangerId, 'A'.repeat(22), 'bob@example.org', '', 7]) {
      const answer = await exclude(id, sub as string)
      expect([answer.status, answer.body]).toMatchObject([
        400,
        { code: 'bad-request', field: 'sub' },
      ])
    }
    expect(told).toEqual([])
  })

  it('R1 is for the organiser alone, whoever else asks', async () => {
    const { id } = await plan(organiser, ['bob@example.org', 'eve@example.org'])
    told.length = 0
    for (const sub of [strangerId, guestId, organiserId]) {
      const answer = await exclude(id, sub, guest)
      expect([answer.status, answer.body.code]).toEqual([404, 'not-found'])
    }
    expect(told).toEqual([])
    expect((await join(guest, id)).status).toBe(200)
  })
})
