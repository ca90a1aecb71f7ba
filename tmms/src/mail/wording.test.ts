import nodemailer from 'nodemailer'
import { simpleParser, type ParsedMail } from 'mailparser'
import { describe, expect, it } from 'vitest'
import type { Wordings } from '../contract/letters.ts'
import { MAIL_KINDS } from '../contract/mail.ts'
import { SHIPPED_HOUSE, type House } from '../domain/branding/house.ts'
import type { Mail, MailKind } from '../domain/mail/mail.ts'
import { checkWordings, shippedWordings } from '../domain/mail/wording.ts'
import { compose } from './compose.ts'
import { render } from './html.ts'
import { previewOf } from './preview.ts'
import { sampleMail } from './sample.ts'

const NOW = Date.parse('2026-03-03T10:00:00Z')
const sender = { name: 'Ministère', address: 'meet@example.org', replyTo: '' }
const surroundings = { origin: 'https://meet.example.org', nowMs: NOW, zone: 'Europe/Paris' }
const sample = (kind: MailKind): Mail => sampleMail(kind, surroundings)

async function sent(
  mail: Mail,
  wordings: Wordings = shippedWordings(mail.kind),
  house: House = SHIPPED_HOUSE,
): Promise<{ raw: string; parsed: ParsedMail }> {
  const dress = { wordings, house }
  const stamp = { id: 'x', createdAt: NOW, host: 'meet.example.org', sender, dress }
  const composer = nodemailer.createTransport({ streamTransport: true, buffer: true })
  const composed = compose({ email: 'bob@example.org', language: 'en' }, mail, stamp)
  const raw = ((await composer.sendMail(composed)).message as Buffer).toString()
  return { raw, parsed: await simpleParser(raw) }
}

/** The shipped wording with other English parts. */
const worded = (kind: MailKind, english: object): Wordings => {
  const { en, fr } = shippedWordings(kind)
  return { fr, en: { ...en, ...english } }
}

describe('the wording of mails', () => {
  it.each(MAIL_KINDS)('of %s obeys its own rules as it comes', (kind) => {
    const shipped = shippedWordings(kind)
    expect(checkWordings(kind, shipped)).toEqual(shipped)
  })

  it.each(MAIL_KINDS)('of %s leaves no placeholder in what is sent', async (kind) => {
    const { parsed } = await sent(sample(kind))
    for (const part of [parsed.subject, parsed.text, String(parsed.html)])
      expect(part).not.toMatch(/[{}]|undefined/)
  })

  it.each(MAIL_KINDS)('of %s is previewed exactly as it is sent', async (kind) => {
    const mail = sample(kind)
    const dress = { wordings: shippedWordings(kind), house: SHIPPED_HOUSE }
    const preview = previewOf('en', mail, { dress, sender })
    const { parsed } = await sent(mail)
    expect(preview.subject).toBe(parsed.subject)
    expect(preview.text).toBe(parsed.text?.trim())
    expect(preview.html).toBe(String(parsed.html).trim())
    expect(preview.html).toContain(render(preview.body))
  })

  it('is what administrators made of it', async () => {
    const wordings = worded('invitation', {
      subject: '{organiser} on {date}: {title}',
      text: 'Dear colleague,\nwelcome to {installation}.\n\nPress here: {link} and be there.\n\n{title}, {duration}',
      button: 'Enter',
    })
    const mail = { ...sample('invitation'), validateLink: null } as Mail
    const { parsed } = await sent(mail, wordings, { ...SHIPPED_HOUSE, name: 'Visio du Ministère' })
    expect(parsed.subject).toBe(
      'Ada Lovelace on Wednesday, 4 March 2026 at 11:00 (Europe/Paris, CET): Budget 2030',
    )
    expect(parsed.text).toContain(
      'Dear colleague,\nwelcome to Visio du Ministère.\n\nPress here:\n\nEnter:\nhttps://meet.example.org/j/sample\n\nand be there.\n\nBudget 2030, 60 min',
    )
    expect(String(parsed.html)).toContain('Dear colleague,<br>welcome to Visio du Ministère.')
    expect(String(parsed.html)).toContain('href="https://meet.example.org/j/sample"')
  })

  it('B5 takes no HTML, in no part', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'&'
    const escaped = '&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;'
    const wordings = worded('invitation', {
      subject: evil,
      text: `${evil}\n\n{link}`,
      button: evil,
      newcomer: evil,
      activate: evil,
    })
    const house = { ...SHIPPED_HOUSE, name: evil, footer: evil }
    const { parsed } = await sent(sample('invitation'), wordings, house)
    const html = String(parsed.html)
    expect(html).not.toContain('<img')
    // Title, name, text, sentence for newcomers, two labels, footer.
    expect(html.split(escaped)).toHaveLength(8)
    expect(parsed.subject).toBe(evil)
  })

  it('M no title, name or wording begins another header', async () => {
    const evil = 'x\r\nBcc: evil@example.org\r\n\r\nbody'
    const base = sample('cancellation') as Extract<Mail, { kind: 'cancellation' }>
    const organiser = { ...base.meeting.organiser, name: evil }
    const mail = { ...base, meeting: { ...base.meeting, title: evil, organiser } }
    // As if it had got past the rules.
    const wordings = worded('cancellation', { subject: `${evil} {title} {organiser}` })
    const { raw, parsed } = await sent(mail, wordings, { ...SHIPPED_HOUSE, name: evil })
    expect(raw.split('\r\n\r\n')[0]).not.toMatch(/^bcc:/im)
    expect(parsed.bcc).toBeUndefined()
    expect(parsed.subject).toMatch(/^x Bcc: evil@example.org body x Bcc: /)
  })

  it('what a title holds is not read as a placeholder', async () => {
    const base = sample('update') as Extract<Mail, { kind: 'update' }>
    const { parsed } = await sent({ ...base, meeting: { ...base.meeting, title: '{link} {x' } })
    expect(parsed.subject).toBe('Changed: {link} {x')
    expect(parsed.text).toContain('Meeting: {link} {x')
  })

  it('the link leads where this server says, in whatever words', async () => {
    const wordings = worded('reset', { text: 'Go to https://elsewhere.example/ {link}' })
    const { parsed } = await sent(sample('reset'), wordings)
    const links = [...String(parsed.html).matchAll(/href="([^"]*)"/g)].map(([, href]) => href)
    expect(new Set(links)).toEqual(new Set(['https://meet.example.org/welcome#sample']))
    expect(parsed.text).toContain('The link works once, for 30 minutes.')
  })

  it('the house ends it: its words, and one link', async () => {
    const house = { ...SHIPPED_HOUSE, footer: 'Ministry\nParis', footerLink: 'https://x.example/' }
    const { parsed } = await sent(sample('test'), shippedWordings('test'), house)
    expect(parsed.text?.trim()).toMatch(/----------\n\nMinistry\nParis\nhttps:\/\/x\.example\/$/)
    expect(String(parsed.html)).toContain('Ministry<br>Paris<br><a href="https://x.example/"')
  })
})
