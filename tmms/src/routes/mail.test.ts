import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startMailServer, smtpAnswer, type MailServer } from '../../test/mail-server.ts'
import type { Answer, Browser } from '../../test/browser.ts'
import { putSettings } from '../../test/saving.ts'
import { MINUTE, openWorld, plan, type World } from '../../test/world.ts'

const PASSWORD = 'the password of the mail server'

let world: World
let admin: Browser
let server: MailServer
let refused: string[]
beforeEach(async () => {
  refused = []
  server = await startMailServer({
    password: PASSWORD,
    onRcptTo: ({ address }, _session, callback) => {
      if (refused.includes(address)) callback(smtpAnswer(550, 'no such mailbox'))
      else callback()
    },
  })
  world = await openWorld({ smtpCa: server.certificate })
  admin = await world.administrator()
})
afterEach(async () => {
  await world.close()
  await server.close()
})

const put = (body: object) => putSettings(admin, 'mail', body)
const settings = (more: object = {}) => ({
  host: 'localhost',
  port: server.port,
  user: 'huisclos',
  senderName: 'Ministère',
  ...more,
})
async function connect(more: object = {}): Promise<void> {
  expect((await put(settings(more))).status).toBe(200)
  const { body } = await admin.call('PUT /api/admin/mail/password', { password: PASSWORD })
  expect(body).toMatchObject({
    route: 'settings',
    passwordSet: true,
    target: `localhost:${server.port}`,
  })
}
const invite = (email: string) =>
  admin.call('POST /api/admin/accounts', { email, role: 'user', language: 'en' })
const lastStep = (answer: Answer): unknown => (answer.body.steps as unknown[]).at(-1)
const rows = async (state: string) =>
  (await admin.call(`GET /api/admin/mail/queue?state=${state}`)).body.mails as { id: string }[]

describe('mail settings', () => {
  it('send mails by the server that is set, and the password is never read again', async () => {
    await connect()
    await invite('bob@example.org')
    await world.tmms.sendDueMails()
    expect(server.mails).toHaveLength(1)
    expect(server.mails[0]?.parsed.from?.text).toBe('"Ministère" <no-reply@meet.example.org>')
    for (const route of ['GET /api/admin/settings', 'GET /api/admin/mail']) {
      const { text } = await admin.call(route)
      expect(text).not.toContain(PASSWORD)
    }
    expect(world.logLines.join('')).not.toContain(PASSWORD)
    expect((await rows('sent'))[0]).toMatchObject({
      to: 'bob@example.org',
      kind: 'welcome',
      tries: 1,
      canRetry: false,
      nextTryAt: null,
      answer: expect.stringMatching(/^250 /) as unknown,
    })
  })

  it('U5 are in the audit log from what to what, but for who signs in', async () => {
    await put(settings({ senderAddress: 'visio@example.org' }))
    const { body } = await admin.call('GET /api/admin/audit?action=setting-changed')
    const [entry] = body.entries as { details: object }[]
    expect(entry?.details).toEqual({
      changed: ['host', 'port', 'user', 'senderName', 'senderAddress'],
      ...{ host: 'localhost', 'host.from': '', port: server.port, 'port.from': 587 },
      ...{ senderName: 'Ministère', 'senderName.from': 'Huisclos' },
      ...{ senderAddress: 'visio@example.org', 'senderAddress.from': '' },
    })
  })

  it('a password goes to no other server than the one it was typed for', async () => {
    await connect()
    await put(settings({ host: '127.0.0.1' }))
    expect((await admin.call('GET /api/admin/mail')).body.passwordSet).toBe(false)
    await put(settings())
    expect((await admin.call('GET /api/admin/mail')).body.passwordSet).toBe(true)
    await admin.call('PUT /api/admin/mail/password', { password: '' })
    expect((await admin.call('GET /api/admin/mail')).body.passwordSet).toBe(false)
  })

  it.each([
    [{ host: 'smtp.example.org:587' }, 'host'],
    [{ host: 'smtp example' }, 'host'],
    [{ host: 'a\r\nb' }, 'host'],
    [{ port: 0 }, 'port'],
    [{ port: '587' }, 'port'],
    [{ security: 'maybe' }, 'security'],
    [{ host: 'smtp.example.org', user: 'ada', security: 'none' }, 'security'],
    [{ user: 'a\r\nb' }, 'user'],
    [{ senderName: 'x'.repeat(81) }, 'senderName'],
    [{ senderAddress: 'nobody' }, 'senderAddress'],
    [{ replyTo: 'a@example.org\r\nBcc: b@example.org' }, 'replyTo'],
    [{ password: 'x' }, 'password'],
  ])('M %o is refused, naming the field', async (more, field) => {
    const { status, body } = await put(settings(more))
    expect([status, body.field]).toEqual([400, field])
    expect((await admin.call('GET /api/admin/settings')).body.settings.mail.host).toBe('')
  })

  it('are as typed, cleaned, and written into the log without values', async () => {
    const more = {
      host: ' SMTP.Bücher.example ',
      senderName: 'A\r\nB',
      replyTo: 'Help@Example.org',
    }
    const { body } = await put(settings(more))
    expect(body.value).toEqual({
      host: 'smtp.xn--bcher-kva.example',
      port: server.port,
      security: 'starttls',
      user: 'huisclos',
      senderName: 'A B',
      senderAddress: '',
      replyTo: 'help@example.org',
    })
  })

  it('the test tells each step, up to the one that fails', async () => {
    expect((await admin.call('POST /api/admin/mail/test', {})).body).toMatchObject({
      to: 'root@example.org',
      steps: [{ step: 'outbox', ok: true }],
    })
    await put(settings())
    const failed = await admin.call('POST /api/admin/mail/test', {})
    expect(lastStep(failed)).toMatchObject({ step: 'auth', ok: false })
    await connect()
    const good = await admin.call('POST /api/admin/mail/test', {})
    expect(lastStep(good)).toMatchObject({ step: 'message', ok: true })
    expect(server.mails.at(-1)?.to).toEqual(['root@example.org'])
  })
})

describe('the queue, for administrators', () => {
  it('what is refused is shown with the answer, and can be tried again', async () => {
    await connect()
    refused = ['bob@example.org']
    await invite('bob@example.org')
    await invite('carol@example.org')
    await world.tmms.sendDueMails()
    const [mail, ...others] = await rows('given-up')
    expect(others).toEqual([])
    expect(mail).toMatchObject({
      to: 'bob@example.org',
      answer: '550 no such mailbox',
      canRetry: true,
    })
    const { body: status } = await admin.call('GET /api/admin/mail')
    expect(status).toMatchObject({ problem: null, counts: { waiting: 0, sent: 1, givenUp: 1 } })
    refused = []
    const id = mail!.id
    const retried = await admin.call('POST /api/admin/mail/queue/:id/retry', {}, { id })
    expect(retried.body.mail).toMatchObject({ state: 'waiting', id })
    await world.tmms.sendDueMails()
    expect(server.mails.map(({ to }) => to[0]).toSorted()).toEqual([
      'bob@example.org',
      'carol@example.org',
    ])
    const again = await admin.call('POST /api/admin/mail/queue/:id/retry', {}, { id })
    expect(again.body.code).toBe('not-allowed')
  })

  it('says why nothing can be sent, and sends when that is mended', async () => {
    await put(settings())
    await invite('bob@example.org')
    await world.tmms.sendDueMails()
    const { body } = await admin.call('GET /api/admin/mail')
    expect(body).toMatchObject({
      counts: { waiting: 1 },
      problem: `The password for localhost:${server.port} is not set.`,
    })
    expect((await rows('waiting'))[0]).toMatchObject({ tries: 1, answer: body.problem as unknown })
    await connect()
    await admin.call('POST /api/admin/mail/retry', {})
    await world.tmms.sendDueMails()
    expect((await admin.call('GET /api/admin/mail')).body).toMatchObject({
      problem: null,
      counts: { waiting: 0, sent: 1 },
    })
  })

  it('one that waits can be given up, and is not sent', async () => {
    await put(settings())
    await invite('bob@example.org')
    await world.tmms.sendDueMails()
    const id = (await rows('waiting'))[0]!.id
    const given = await admin.call('POST /api/admin/mail/queue/:id/give-up', {}, { id })
    expect(given.body.mail).toMatchObject({ state: 'given-up', canRetry: true })
    const twice = await admin.call('POST /api/admin/mail/queue/:id/give-up', {}, { id })
    expect(twice.body.code).toBe('not-allowed')
    await connect()
    world.clock.nowMs += 10 * MINUTE
    await world.tmms.sendDueMails()
    expect(server.mails).toEqual([])
  })

  it('is read page by page, newest first', async () => {
    for (let n = 0; n < 5; n += 1) {
      await invite(`p${n}@example.org`)
      world.clock.nowMs += 1
    }
    await world.tmms.sendDueMails()
    const first = await admin.call('GET /api/admin/mail/queue?state=sent&limit=3')
    const next = String(first.body.next)
    const second = await admin.call(`GET /api/admin/mail/queue?state=sent&limit=3&cursor=${next}`)
    const to = [...first.body.mails, ...second.body.mails].map((mail: { to: string }) => mail.to)
    expect(to).toEqual([4, 3, 2, 1, 0].map((n) => `p${n}@example.org`))
    expect(second.body.next).toBeNull()
  })

  it('A8 the database holds no link that works, nor the password, as long as mails wait', async () => {
    await connect()
    await put(settings({ host: '127.0.0.1' }))
    await plan(admin, ['new@example.org'])
    const link = world.lastMail('new@example.org').links[0] ?? ''
    const token = new URL(link).hash.slice(1)
    for (const name of readdirSync(world.dataDir).filter((file) =>
      file.startsWith('huisclos.db'),
    )) {
      const bytes = readFileSync(join(world.dataDir, name))
      expect(bytes.includes(token)).toBe(false)
      expect(bytes.includes(PASSWORD)).toBe(false)
    }
  })
})
