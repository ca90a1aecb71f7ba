import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startMailServer, type MailServer } from '../../test/mail-server.ts'
import { PASSWORD, type Browser } from '../../test/browser.ts'
import { openWorld, type World } from '../../test/world.ts'
import type { LetterWording, Wordings } from '../contract/letters.ts'

let world: World
let admin: Browser
let server: MailServer
beforeEach(async () => {
  server = await startMailServer({ password: PASSWORD })
  world = await openWorld({
    smtp: {
      host: 'localhost',
      port: server.port,
      security: 'starttls',
      user: 'huisclos',
      password: PASSWORD,
    },
    smtpCa: server.certificate,
  })
  admin = await world.administrator()
})
afterEach(async () => {
  await world.close()
  await server.close()
})

const PUT = 'PUT /api/admin/letters/:id'

async function letter(kind: string): Promise<LetterWording> {
  const { body } = await admin.call('GET /api/admin/letters')
  return (body.letters as LetterWording[]).find((one) => one.kind === kind)!
}

/** The welcome with another English part. */
async function worded(more: object, language: 'en' | 'fr' = 'en'): Promise<Wordings> {
  const { wording } = await letter('welcome')
  return { ...wording, [language]: { ...wording[language], ...more } }
}

async function put(wording: unknown) {
  const { version } = await letter('welcome')
  return admin.call(PUT, { version, wording }, { id: 'welcome' })
}

describe('letters', () => {
  it('a new wording is what mails say from then on, and a reset brings the old one back', async () => {
    const wording = await worded({ subject: 'Come to {installation}', button: 'Come in' })
    const kept = await put(wording)
    expect(kept.body.letter.wording.en.subject).toBe('Come to {installation}')
    expect(kept.body.letter.shipped.en.subject).toBe('Your {installation} account')
    const invited = { email: 'bob@example.org', role: 'user', language: 'en' }
    await admin.call('POST /api/admin/accounts', invited)
    await world.tmms.sendDueMails()
    const { parsed } = server.mails.at(-1)!
    expect(parsed.subject).toBe('Come to Huisclos')
    expect(parsed.text).toContain('Come in:\nhttps://meet.example.org:8443/welcome#')
    const reset = await admin.call(
      'POST /api/admin/letters/:id/reset',
      { version: kept.body.letter.version },
      { id: 'welcome' },
    )
    expect(reset.body.letter.wording).toEqual(reset.body.letter.shipped)
    const { body } = await admin.call('GET /api/admin/audit?action=setting-changed')
    expect(body.entries).toMatchObject([
      { object: { id: 'letter-welcome' }, details: { changed: ['en.subject', 'en.button'] } },
      { object: { id: 'letter-welcome' }, details: { changed: ['en.subject', 'en.button'] } },
    ])
    expect(JSON.stringify(body)).not.toContain('Come in')
  })

  it.each([
    [
      { text: 'Press here.' },
      'en',
      'text',
      'The English text lacks {link}: put it where it belongs.',
    ],
    [
      { text: '{link} {titel}' },
      'fr',
      'text',
      'The French text has the unknown placeholder {titel}: here are {installation}, {role}, {link}.',
    ],
    [
      { text: '{link' },
      'en',
      'text',
      'The English text has a brace without its counterpart: braces stand only around a placeholder.',
    ],
    [
      { subject: 'a\r\nBcc: x@example.org' },
      'en',
      'subject',
      'The English subject has several lines: make one of them.',
    ],
    [
      { subject: 'a\u0007' },
      'en',
      'subject',
      'The English subject has a sign that nobody sees (U+0007): take it out.',
    ],
    [
      { subject: 'x'.repeat(151) },
      'fr',
      'subject',
      'The French subject is too long: leave at most 150 characters.',
    ],
    [
      { button: '' },
      'en',
      'button',
      'The English label of the link is empty: write it, or put the shipped one back.',
    ],
    [
      { button: '{link}' },
      'en',
      'button',
      'The English label of the link has the unknown placeholder {link}: here are none.',
    ],
    [
      { newcomer: 'x' },
      'en',
      'newcomer',
      'The English text for newcomers is not a part of this mail: leave it out.',
    ],
  ] as const)('M B5 %o is refused in one sentence', async (more, language, part, sentence) => {
    const { status, body } = await put(await worded(more, language))
    expect([status, body]).toEqual([
      400,
      { code: 'invalid-wording', field: `wording.${language}.${part}`, message: sentence },
    ])
    const before = (await letter('welcome')).wording
    expect(before.en.subject).toBe('Your {installation} account')
  })

  it('everything that is wrong is told at once', async () => {
    const { body } = await put({ en: { subject: '', text: '{link' }, fr: { subject: 'x' } })
    const fields = (body.problems as { field: string }[]).map(({ field }) => field)
    expect(fields).toEqual([
      'wording.en.subject',
      'wording.en.text',
      'wording.en.button',
      'wording.fr.text',
      'wording.fr.button',
    ])
  })

  it('a preview shows what is typed, keeps nothing and sends nothing', async () => {
    const wording = await worded({ text: '<b>Bold</b>\n\n{link}' })
    const id = { id: 'welcome' }
    const preview = 'POST /api/admin/letters/:id/preview'
    const { body } = await admin.call(preview, { language: 'fr', wording }, id)
    expect(body.from).toBe('Huisclos <no-reply@meet.example.org>')
    expect(body.subject).toBe('Votre compte Huisclos')
    expect(body.html).toContain('&lt;b&gt;Bold&lt;/b&gt;')
    expect(body.text).toContain('<b>Bold</b>')
    const wrong = await admin.call(
      preview,
      { language: 'fr', wording: await worded({ text: 'x' }) },
      id,
    )
    expect(wrong.body).toMatchObject({ code: 'invalid-wording', field: 'wording.en.text' })
    expect((await letter('welcome')).wording).not.toEqual(wording)
    await world.tmms.sendDueMails()
    expect(server.mails).toEqual([])
  })

  it('no mail but those that exist', async () => {
    for (const id of ['nothing', '__proto__', 'constructor']) {
      const { status } = await admin.call(PUT, { version: 0, wording: { en: {}, fr: {} } }, { id })
      expect(status).toBe(404)
    }
  })
})
