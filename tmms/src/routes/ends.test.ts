import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeJwt } from 'jose'
import type { AccessEnd } from '../contract/access.ts'
import type { JoinGrant, Meeting } from '../contract/meetings.ts'
import { PASSWORD, type Browser } from '../../test/browser.ts'
import { Device } from '../../test/device.ts'
import { follow } from '../../test/links.ts'
import { MINUTE, START, openWorld, plan, type World } from '../../test/world.ts'

let world: World
let organiser: Browser
let guest: Browser
let guestId: string
let told: AccessEnd[]
const device = new Device()
beforeEach(async () => {
  told = []
  world = await openWorld({ onAccessEnded: (end) => void told.push(end) })
  await world.administrator()
  organiser = (await world.person('ada@example.org', 'organiser')).browser
  const bob = await world.person('bob@example.org')
  guest = bob.browser
  guestId = bob.account.id
})
afterEach(() => world.close())

const join = (browser: Browser, id: string) => device.join(browser, id, world.clock.nowMs)
const stateFor = async (browser: Browser, id: string) =>
  ((await browser.call('GET /api/meetings/:id', undefined, { id })).body.meeting as Meeting).state
const issuedAtMs = ({ token }: JoinGrant): number => {
  const { iat = 0, aft = 0 } = decodeJwt<{ aft?: number }>(token)
  return Math.max(iat * 1000, aft)
}

describe('ends of rights are told to the TCS, with the moment from which older tokens are worthless', () => {
  it('E1 a new password by a mailed link ends what the old one opened', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    const before = (await join(guest, id)).body as JoinGrant
    await world.browser().call('POST /api/auth/reset', { email: 'bob@example.org' })
    await expect.poll(() => world.lastMail('bob@example.org').subject).toContain('password')
    const browser = world.browser()
    expect((await follow(browser, world.lastMail('bob@example.org').links[0])).status).toBe(200)
    expect(told).toEqual([{ sub: guestId, atMs: START, reason: 'signed-out' }])
    expect(issuedAtMs(before)).toBeLessThanOrEqual(START)
    expect((await join(guest, id)).body.code).toBe('signed-out')
    // In the same second, and yet a token of after the end.
    expect(issuedAtMs((await join(browser, id)).body as JoinGrant)).toBeGreaterThan(START)
  })

  it('E2 signing out everywhere ends every session and every token, of this browser too', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    const other = world.browser()
    await other.signIn('bob@example.org')
    expect((await join(other, id)).status).toBe(200)
    const answer = await guest.call('POST /api/auth/logout-everywhere', {})
    expect([answer.status, answer.body]).toEqual([200, {}])
    expect(guest.cookies.has('__Host-session')).toBe(false)
    expect(told).toEqual([{ sub: guestId, atMs: START, reason: 'signed-out' }])
    expect((await other.call('GET /api/me')).body.code).toBe('signed-out')
    expect((await join(other, id)).body.code).toBe('signed-out')
    expect((await guest.signIn('bob@example.org')).status).toBe(200)
    expect(issuedAtMs((await join(guest, id)).body as JoinGrant)).toBeGreaterThan(START)
  })

  it('E2 a token asked for in the same moment is of before the end, or is not given out', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    const joining = Array.from({ length: 12 }, () => new Device().join(guest, id, START))
    const ending = guest.call('POST /api/auth/logout-everywhere', {})
    const answers = await Promise.all(joining)
    await ending
    for (const { status, body } of answers) {
      if (status === 200) expect(issuedAtMs(body as JoinGrant)).toBeLessThanOrEqual(told[0]!.atMs)
      else expect((body as { code: string }).code).toBe('signed-out')
    }
  })

  it('E4 a cancelled meeting ends for everybody', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    expect((await join(guest, id)).status).toBe(200)
    await organiser.call('POST /api/meetings/:id/cancel', {}, { id })
    expect(told).toEqual([{ mid: id, atMs: START, reason: 'meeting-ended' }])
    expect((await join(guest, id)).body.code).toBe('not-found')
    expect((await join(organiser, id)).body.code).toBe('not-found')
  })

  it('E7 what a restarted TCS must know is kept as long as an old token may live', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    expect(await world.tmms.recentAccessEnds()).toEqual([])
    await organiser.call('POST /api/meetings/:id/exclude', { sub: guestId }, { id })
    await organiser.call('POST /api/meetings/:id/cancel', {}, { id })
    world.clock.nowMs += 16 * MINUTE
    expect(await world.tmms.recentAccessEnds()).toEqual([
      { mid: id, sub: guestId, atMs: START, reason: 'removed' },
      { mid: id, atMs: START + 1, reason: 'meeting-ended' },
    ])
    world.clock.nowMs += 2
    expect(await world.tmms.recentAccessEnds()).toEqual([])
  })

  it('O7 what ended while the clock was ahead keeps nobody out once it is right', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    world.clock.nowMs += 30 * MINUTE
    const ahead = (await join(guest, id)).body as JoinGrant
    await guest.call('POST /api/auth/logout-everywhere', {})
    world.clock.nowMs = START
    await guest.signIn('bob@example.org')
    const { token, ...grant } = (await join(guest, id)).body as JoinGrant
    expect(decodeJwt(token)).toMatchObject({ iat: START / 1000, nbf: START / 1000 })
    const [end] = told
    expect(issuedAtMs(ahead)).toBeLessThanOrEqual(end!.atMs)
    expect(issuedAtMs({ token, ...grant })).toBeGreaterThan(end!.atMs)
  })

  it('O7 what is given after an end ends with the next, although the clock was set back', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    world.clock.nowMs += 30 * MINUTE
    await guest.call('POST /api/auth/logout-everywhere', {})
    world.clock.nowMs = START
    await guest.signIn('bob@example.org')
    const grant = (await join(guest, id)).body as JoinGrant
    await organiser.call('POST /api/meetings/:id/exclude', { sub: guestId }, { id })
    await organiser.call('POST /api/meetings/:id/cancel', {}, { id })
    for (const { atMs } of told.slice(1)) expect(issuedAtMs(grant)).toBeLessThanOrEqual(atMs)
    expect(told).toHaveLength(3)
  })

  it('nothing is told of what did not end', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    await guest.call('POST /api/meetings/:id/cancel', {}, { id })
    await guest.call('POST /api/meetings/:id/exclude', { sub: guestId }, { id })
    await guest.call('POST /api/auth/logout', {})
    expect(told).toEqual([])
  })
})

describe('I10 a meeting that runs over its planned end', () => {
  const PLANNED_END = START + 60 * MINUTE
  const OPEN_END = PLANNED_END + 120 * MINUTE

  it('says in the grant when that end is', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    const grant = (await join(guest, id)).body as JoinGrant
    expect(grant.endsAt).toBe(new Date(PLANNED_END).toISOString())
  })

  it('E4 goes on for whoever is in, until the administrator’s limit, and for nobody else', async () => {
    const { id } = await plan(organiser, ['bob@example.org', 'eve@example.org'])
    const eve = (await world.person('eve@example.org')).browser
    // Sessions that are not remembered live twelve hours.
    await guest.signIn('bob@example.org', PASSWORD, true)
    await eve.signIn('eve@example.org', PASSWORD, true)
    world.clock.nowMs = OPEN_END - MINUTE
    expect((await join(guest, id)).status).toBe(200)
    for (let atMs = OPEN_END; atMs < PLANNED_END + 12 * 60 * MINUTE; atMs += 10 * MINUTE) {
      world.clock.nowMs = atMs
      expect((await join(guest, id)).status).toBe(200)
      expect((await join(eve, id)).body.code).toBe('not-found')
    }
    world.clock.nowMs = PLANNED_END + 12 * 60 * MINUTE
    expect((await join(guest, id)).body.code).toBe('not-found')
  })

  it('lets somebody back who was cut off for a quarter of an hour, not somebody who left', async () => {
    const { id } = await plan(organiser, ['bob@example.org'])
    world.clock.nowMs = OPEN_END - MINUTE
    await join(guest, id)
    world.clock.nowMs += 29 * MINUTE
    expect(await stateFor(guest, id)).toBe('open')
    expect((await join(guest, id)).status).toBe(200)
    world.clock.nowMs += 30 * MINUTE
    expect(await stateFor(guest, id)).toBe('ended')
    expect((await join(guest, id)).body.code).toBe('not-found')
  })
})
