import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MeetingPage, MeetingRow } from '../contract/admin-meetings.ts'
import type { AuditEntry } from '../contract/audit.ts'
import { codeOf, type Browser } from '../../test/browser.ts'
import { Device } from '../../test/device.ts'
import { putSettings } from '../../test/saving.ts'
import { DAY, START, openWorld, plan, type World } from '../../test/world.ts'

let world: World
let admin: Browser
let ada: { browser: Browser; account: { id: string } }
let bob: { browser: Browser; account: { id: string } }
beforeEach(async () => {
  world = await openWorld()
  admin = await world.administrator()
  ada = await world.person('ada@example.org', 'organiser')
  bob = await world.person('bob@example.org')
})
afterEach(() => world.close())

const list = async (query = '') =>
  (await admin.call(`GET /api/admin/meetings?limit=100${query}`)).body.meetings as MeetingRow[]
const read = async (id: string) =>
  (await admin.call('GET /api/admin/meetings/:id', undefined, { id })).body as MeetingPage
const at = (ms: number) => ({ startsAt: new Date(START + ms).toISOString() })
const log = async (action: string) =>
  (await admin.call(`GET /api/admin/audit?action=${action}`)).body.entries as AuditEntry[]

describe('what has reached its time', () => {
  it('M7 is deleted step by step with a count in the audit log, and the names of the deleted with it', async () => {
    for (let n = 0; n < 45; n += 1) await plan(ada.browser, ['bob@example.org'], { title: `M${n}` })
    const kept = await plan(admin, [], { title: 'Later', ...at(300 * DAY) })
    const id = (await list('&q=m1'))[0]!.id
    await new Device().join(bob.browser, id, START)
    world.tmms.notePresence({
      mid: id,
      sub: bob.account.id,
      connection: 'a',
      there: true,
      atMs: START,
    })
    world.tmms.notePresence({
      mid: id,
      sub: bob.account.id,
      connection: 'a',
      there: false,
      atMs: START,
    })
    await expect.poll(async () => (await read(id)).attendance.stays).toBe(1)
    await world.tmms.sendDueMails()
    await world.tmms.purgeOld()
    expect(await log('retention')).toHaveLength(0)

    world.clock.nowMs += 200 * DAY
    await admin.signIn('root@example.org')
    await world.tmms.purgeOld()
    expect((await read(id)).attendance.stays).toBe(0)
    expect((await admin.call('GET /api/admin/mail/queue?state=sent')).body.mails).toEqual([])
    expect(await list('&q=m')).toHaveLength(45)
    await admin.call(
      'POST /api/admin/accounts/:id/delete',
      { meetings: 'cancel' },
      { id: ada.account.id },
    )

    world.clock.nowMs += 166 * DAY
    await admin.signIn('root@example.org')
    await world.tmms.purgeOld()
    expect((await list()).map((meeting) => meeting.id)).toEqual([kept.id])
    const entries = await log('retention')
    const total = (name: string) =>
      entries.reduce((sum, { details }) => sum + Number(details[name] ?? 0), 0)
    expect(total('meetings')).toBe(45)
    expect(total('names')).toBe(1)
    expect(entries.every(({ actor }) => actor.kind === 'server')).toBe(true)
  })

  const put = (body: object) => putSettings(admin, 'retention', body)
  const purgeAfter = async (ms: number) => {
    world.clock.nowMs += ms
    await admin.signIn('root@example.org')
    await world.tmms.purgeOld()
  }

  it('M7 stays for a week after the update that brought the times, which the audit log has', async () => {
    await plan(ada.browser, [])
    await purgeAfter(1_000 * DAY)
    expect(await list()).toHaveLength(1)
    expect(await log('setting-changed')).toMatchObject([
      { actor: { kind: 'server' }, object: { id: 'retention' } },
    ])
    await purgeAfter(7 * DAY - 1)
    expect(await list()).toHaveLength(1)
    expect(await log('retention')).toHaveLength(0)
    await purgeAfter(1)
    expect(await list()).toHaveLength(0)
    expect(await log('setting-changed')).toHaveLength(1)
  })

  it('M7 stays for a week after a time was changed, not after it was set to the same', async () => {
    await plan(ada.browser, [])
    expect(codeOf(await put({ meetingDays: 0 }))).toBe('ok')
    await purgeAfter(100 * DAY)
    expect(codeOf(await put({ meetingDays: 3 }))).toBe('ok')
    await purgeAfter(6 * DAY)
    expect(await list()).toHaveLength(1)
    expect(codeOf(await put({ meetingDays: 3 }))).toBe('ok')
    await purgeAfter(DAY)
    expect(await list()).toHaveLength(0)
  })

  it('M7 is kept while this version cannot read the times that another one wrote', async () => {
    await plan(ada.browser, [])
    expect(codeOf(await put({ meetingDays: 30 }))).toBe('ok')
    const database = new DatabaseSync(join(world.dataDir, 'huisclos.db'))
    database.exec(`update settings set value = '{"meetingYears":0}' where area = 'retention'`)
    database.close()
    await purgeAfter(1_000 * DAY)
    expect(await list()).toHaveLength(1)
  })

  it('is kept for ever with 0, and the settings name the field that is wrong', async () => {
    const { id } = await plan(ada.browser, [])
    for (const [field, value] of Object.entries({
      meetingDays: -1,
      attendanceDays: 1.5,
      mailDays: 3651,
    })) {
      const refused = await put({ [field]: value })
      expect([refused.body.code, refused.body.field]).toEqual(['bad-request', field])
    }
    expect(codeOf(await put({ meetingDays: 0, attendanceDays: 0, mailDays: 0 }))).toBe('ok')
    world.clock.nowMs += 5_000 * DAY
    await admin.signIn('root@example.org')
    await world.tmms.purgeOld()
    expect((await read(id)).meeting.title).toBe('Board')
    expect(await log('retention')).toHaveLength(0)
  })
})
