/** Everything that matters for security leaves an entry, with who, what and from where, and without a secret. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditEntry } from '../contract/audit.ts'
import { PASSWORD, type Browser } from '../../test/browser.ts'
import { Device } from '../../test/device.ts'
import { follow, tokenOf } from '../../test/links.ts'
import { DAY, MINUTE, openWorld, plan, type World } from '../../test/world.ts'

let world: World
let admin: Browser
let organiser: Browser
let organiserId: string
let bob: Browser
let bobId: string
beforeAll(async () => {
  world = await openWorld()
  admin = await world.administrator()
  const ada = await world.person('ada@example.org', 'organiser')
  organiser = ada.browser
  organiserId = ada.account.id
  const guest = await world.person('bob@example.org')
  bob = guest.browser
  bobId = guest.account.id
})
afterAll(() => world.close())

async function entries(action: string): Promise<AuditEntry[]> {
  const { body } = await admin.call(`GET /api/admin/audit?action=${action}`)
  return (body as { entries: AuditEntry[] }).entries
}
const latest = async (action: string) => (await entries(action))[0]
const here = { from: expect.stringMatching(/^(::ffff:)?127\.0\.0\.1$/) as string }
const person = (id: string) => expect.objectContaining({ kind: 'account', id }) as unknown
/** What is written down after the reply comes within a quarter of a second. */
const soon = (action: string, like: object) =>
  expect.poll(() => latest(action), { timeout: 3000 }).toMatchObject(like)

describe('what is written down', () => {
  test('of the first start: the set-up, and the keys that the root certifies', async () => {
    expect(await latest('setup')).toMatchObject({ object: { name: 'root@example.org' }, ...here })
    expect(await latest('key-changed')).toMatchObject({
      actor: { kind: 'server', id: '', name: '' },
      object: { kind: 'key', id: world.tmms.rootThumbprint },
      details: { root: world.tmms.rootThumbprint, token: [world.tmms.tokenKeys().keys[0]?.kid] },
    })
    expect(await entries('tcs-changed')).toHaveLength(1)
  })

  test('of an invitation followed to its end, and of the sign-in by it', async () => {
    expect(await latest('account-invited')).toMatchObject({ object: person(bobId) })
    expect(await latest('account-validated')).toMatchObject({ actor: person(bobId), ...here })
    expect(await latest('sign-in')).toMatchObject({
      actor: person(bobId),
      details: { by: 'link', remember: false, knownDevice: false },
    })
  })

  test('of signing in, out, and out everywhere', async () => {
    await bob.signIn('bob@example.org', PASSWORD, true)
    const details = { by: 'password', remember: true, knownDevice: true }
    expect(await latest('sign-in')).toMatchObject({ actor: person(bobId), details, ...here })
    const before = (await entries('sign-out')).length
    await bob.call('POST /api/auth/logout', {})
    await bob.call('POST /api/auth/logout', {})
    expect(await entries('sign-out')).toHaveLength(before + 1)
    await bob.signIn('bob@example.org')
    await bob.call('POST /api/auth/logout-everywhere', {})
    expect(await latest('sign-out-everywhere')).toMatchObject({ object: person(bobId), ...here })
    await bob.signIn('bob@example.org')
  })

  test('of a refused sign-in, of an account and of an unknown address', async () => {
    const reason = { reason: 'wrong-credentials', times: 1 }
    const nobody = { kind: 'nobody', id: '', name: '' }
    await world.browser().signIn('bob@example.org', 'not the password')
    await soon('sign-in-refused', { actor: nobody, object: person(bobId), details: reason })
    await world.browser().signIn('who@example.org')
    const unknown = { kind: 'account', id: '', name: 'who@example.org' }
    await soon('sign-in-refused', { actor: nobody, object: unknown, details: reason, ...here })
  })

  test('of links that are unknown, expired or used', async () => {
    const link = world.lastMail('bob@example.org').links[0]
    await follow(world.browser(), link)
    await soon('link-refused', { object: person(bobId), details: { reason: 'link-used' } })
    await world.browser().call('POST /api/links/read', { token: 'A'.repeat(43) })
    await soon('link-refused', { object: { kind: 'server' }, details: { reason: 'link-unknown' } })
  })

  test('of a new password: asked for, refused, and chosen', async () => {
    await world.browser().call('POST /api/auth/reset', { email: 'bob@example.org' })
    await soon('password-reset-asked', { object: person(bobId), details: { purpose: 'reset' } })
    await world.browser().call('POST /api/auth/reset', { email: 'who@example.org' })
    await soon('password-reset-refused', { details: { reason: 'no-account' } })
    await follow(bob, world.lastMail('bob@example.org').links[0])
    expect(await latest('password-changed')).toMatchObject({ actor: person(bobId), ...here })
  })

  test('of a language, once it is another', async () => {
    await bob.call('PATCH /api/me', { language: 'fr' })
    await bob.call('PATCH /api/me', { language: 'fr' })
    expect(await entries('account-changed')).toMatchObject([{ details: { language: 'fr' } }])
  })

  test('of what somebody tried without the right to', async () => {
    await bob.call('GET /api/admin/audit')
    await soon('access-refused', {
      actor: person(bobId),
      object: { kind: 'server', name: 'GET /api/admin/audit' },
      details: { reason: 'not-allowed' },
    })
  })

  test('of a meeting: planned, invited to, joined once per device, put out of, cancelled', async () => {
    const { id } = await plan(organiser, ['bob@example.org', 'new@example.org'])
    const meeting = { kind: 'meeting', id, name: '' }
    const by = { actor: person(organiserId), object: meeting, ...here }
    const details = { durationMin: 60, ownLink: false, startsAt: '2026-03-03T10:00:00.000Z' }
    expect(await latest('meeting-planned')).toMatchObject({ ...by, details })
    expect(await latest('account-created')).toMatchObject({ object: { name: 'new@example.org' } })
    const invited = (await latest('meeting-invited'))?.details['accounts']
    expect(invited).toHaveLength(2)
    expect(invited).toContain(bobId)

    const [first, second] = [new Device(), new Device()]
    for (const device of [first, first, second, first]) {
      expect((await device.join(bob, id, world.clock.nowMs)).status).toBe(200)
      world.clock.nowMs += 10 * MINUTE
    }
    expect(await entries('meeting-admission')).toHaveLength(2)
    expect(await latest('meeting-admission')).toMatchObject({
      actor: person(bobId),
      object: meeting,
    })
    await first.join(world.browser(), id, world.clock.nowMs)
    expect(await entries('meeting-refused')).toEqual([])

    await organiser.call('POST /api/meetings/:id/exclude', { sub: bobId }, { id })
    expect(await latest('meeting-removed')).toMatchObject({ ...by, details: { account: bobId } })
    await first.join(bob, id, world.clock.nowMs)
    await soon('meeting-refused', { actor: person(bobId), object: meeting })
    await organiser.call('POST /api/meetings/:id/cancel', {}, { id })
    await organiser.call('POST /api/meetings/:id/cancel', {}, { id })
    expect(await entries('meeting-cancelled')).toMatchObject([by])
  })

  test('of a token key that takes over, within the minute', async () => {
    world.clock.nowMs += 90 * DAY
    const browser = await signedInAgain()
    await browser.call('GET /api/keys')
    await world.tmms.signCheckpoint()
    const kids = world.tmms.tokenKeys().keys.map(({ kid }) => kid)
    expect((await latest('key-changed'))?.details['token']).toEqual(kids)
  })

  test('holds no password, link, session or credential, nor a title', async () => {
    const { text } = await admin.call('GET /api/admin/audit/export')
    const secrets = [
      PASSWORD,
      'Board',
      ...[admin, bob, organiser].flatMap(({ cookies }) => [...cookies.values()]),
      ...world.mails.flatMap(({ links }) => links.map((link) => tokenOf(link))),
    ].filter((secret) => !secret.startsWith('v1.'))
    expect(text).toContain('meeting-admission')
    for (const secret of secrets) expect(text).not.toContain(secret)
  })
})

async function signedInAgain(): Promise<Browser> {
  await admin.signIn('root@example.org')
  return admin
}
