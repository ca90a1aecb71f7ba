import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser, type ParsedMail } from 'mailparser'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Language } from '../contract/accounts.ts'
import { shippedDress, type Dress } from '../domain/mail/dress.ts'
import type { Mail, MeetingNotice } from '../domain/mail/mail.ts'
import { compose, linksOf, subjectOf } from './compose.ts'
import { writeTime } from './meeting-facts.ts'
import { letterFor } from './texts.ts'
import { openOutbox } from './outbox.ts'
import type { Transport } from './transport.ts'

const NOW = Date.parse('2026-03-03T10:00:00Z')
const LINK = 'https://meet.example.org/welcome#token'
const meeting: MeetingNotice = {
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  title: '<img src=x onerror=alert(1)> & Board',
  startsAt: Date.parse('2026-03-29T00:30:00Z'),
  durationMin: 90,
  zone: 'Europe/Paris',
  sequence: 0,
  organiser: { name: 'Ada "The" <Lovelace>', email: 'ada@example.org' },
  link: 'https://meet.example.org/j/AAAAAAAAAAAAAAAAAAAAAA#v1.thumb',
}

let folder: string
let outbox: Transport
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tmms-mail-'))
  outbox = openOutbox(join(folder, 'outbox'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const sender = { name: 'Huisclos', address: 'no-reply@meet.example.org', replyTo: '' }
let made = 0

const marked: MeetingNotice = {
  ...meeting,
  mark: { text: 'Diffusion restreinte', colour: '#b42318' },
}

async function sent(
  mail: Mail,
  language: Language,
  dress: Dress = shippedDress(mail.kind),
): Promise<{ raw: string; parsed: ParsedMail }> {
  made += 1
  const id = `mail-${made}`
  const stamp = { id, createdAt: NOW, host: 'meet.example.org', sender, dress }
  const to = { email: 'bob@example.org', language }
  const delivery = await outbox.deliver(compose(to, mail, stamp))
  expect(delivery).toMatchObject({ outcome: 'sent' })
  const path = join(folder, 'outbox', delivery.answer)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const raw = readFileSync(path, 'utf8')
  return { raw, parsed: await simpleParser(raw) }
}

const handedOver: MeetingNotice = { ...meeting, link: null }

const MAILS: readonly Mail[] = [
  { kind: 'welcome', role: 'organiser', link: LINK },
  { kind: 'reset', link: LINK },
  { kind: 'invitation', meeting, validateLink: LINK },
  { kind: 'invitation', meeting, validateLink: null },
  { kind: 'cancellation', meeting },
  { kind: 'update', meeting, before: { ...meeting, title: 'Old', durationMin: 30 } },
  { kind: 'uninvitation', meeting },
  { kind: 'invitation', meeting: handedOver, validateLink: LINK },
  { kind: 'invitation', meeting: handedOver, validateLink: null },
]

describe('a mail about a meeting with a classification mark', () => {
  it.each(['invitation', 'cancellation'] as const)(
    '%s says it first, wherever it is read',
    async (kind) => {
      const { parsed } = await sent({ kind, meeting: marked, validateLink: null }, 'fr')
      expect(parsed.subject).toMatch(/^\[Diffusion restreinte\] /)
      expect(parsed.text).toMatch(/^\[Diffusion restreinte\]\n/)
      const band = /background:#b42318;color:#ffffff"><strong>Diffusion restreinte<\/strong>/
      expect(String(parsed.html)).toMatch(band)
    },
  )
})

describe('mails', () => {
  it.each(MAILS)('$kind speaks both languages, the reader’s first', async (mail) => {
    for (const [language, first, second] of [
      ['fr', 'Bonjour', 'Hello'],
      ['en', 'Hello', 'Bonjour'],
    ] as const) {
      const { text = '', html } = (await sent(mail, language)).parsed
      for (const body of [text, String(html)]) {
        expect(body.indexOf(first)).toBeGreaterThan(-1)
        expect(body.indexOf(second)).toBeGreaterThan(body.indexOf(first))
      }
      expect(String(html)).toContain(`<html lang="${language}">`)
    }
  })

  it.each(MAILS)('$kind carries its links, in both forms, and tells them', async (mail) => {
    const { parsed } = await sent(mail, 'fr')
    const links = linksOf(mail)
    expect(links).toHaveLength([1, 1, 2, 1, 0, 1, 0, 1, 0][MAILS.indexOf(mail)] ?? -1)
    for (const link of links) {
      expect(parsed.text).toContain(link)
      expect(parsed.html).toContain(`href="${link}"`)
    }
    expect(subjectOf({ email: 'bob@example.org', language: 'fr' }, mail)).toBe(parsed.subject)
  })

  it.each([LINK, null])(
    'the link that the organiser hands over is in no part, and each language says so (%s)',
    async (validateLink) => {
      const mail: Mail = { kind: 'invitation', meeting: handedOver, validateLink }
      const { raw, parsed } = await sent(mail, 'fr')
      const calendar = parsed.attachments.find(({ contentType }) => contentType === 'text/calendar')
      const entry = (calendar?.content.toString() ?? '').replaceAll('\r\n ', '')
      for (const part of [raw, parsed.text, String(parsed.html), entry]) {
        expect(part).not.toMatch(/\/j\/|#v1/)
      }
      for (const part of [parsed.text, entry]) {
        expect(part).toContain('vous remettra le lien de la réunion')
        expect(part).toContain('will hand you the link of the meeting')
      }
      expect(parsed.text).not.toMatch(/Join the meeting|Rejoindre la réunion/)
      expect(entry).toContain('DTSTART;TZID=Europe/Paris:20260329T013000')
      expect(entry).not.toMatch(/^URL/m)
    },
  )

  it('U4 an invitation says until when its activation link works, and what it does then', async () => {
    const mail = { kind: 'invitation', meeting, validateLink: LINK, validateUntil: NOW } as const
    const { text } = (await sent(mail, 'fr')).parsed
    expect(text).toContain(
      'jusqu’au mardi 3 mars 2026 à 11:00 (Europe/Paris, UTC+1). Ensuite, il propose d’en envoyer un nouveau.',
    )
    expect(text).toContain(
      'until Tuesday, 3 March 2026 at 11:00 (Europe/Paris, CET). After that, it offers to send a new one.',
    )
    expect(text).not.toMatch(/7 (?:jours|days)/)
  })

  it.each(MAILS)('$kind in French has no sign that may hang alone on a line', (mail) => {
    expect(JSON.stringify(letterFor('fr', mail, shippedDress(mail.kind)))).not.toMatch(
      / [:;?!»]|« |[^\u00a0:;?!»/\\"][:;?!»](?= |")|«(?!\u00a0)/u,
    )
  })

  it('B5 names and titles are text, in HTML and in headers', async () => {
    const { raw, parsed } = await sent({ kind: 'invitation', meeting, validateLink: null }, 'en')
    expect(parsed.html).not.toContain('<img')
    expect(parsed.html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; Board')
    expect(parsed.html).toContain('Ada &quot;The&quot; &lt;Lovelace&gt;')
    expect(parsed.subject).toBe(`Invitation: ${meeting.title}`)
    expect(raw.match(/^To:.*$/gim)).toEqual(['To: bob@example.org'])
  })

  it('an update says what was before, a withdrawn invitation that its link is dead', async () => {
    const before = { ...meeting, title: 'Old', startsAt: NOW, durationMin: 30 }
    const { parsed } = await sent({ kind: 'update', meeting, before }, 'en')
    expect(parsed.subject).toBe(`Changed: ${meeting.title}`)
    expect(parsed.text).toContain(
      'Until now: Old · Tuesday, 3 March 2026 at 11:00 (Europe/Paris, CET) · 30 min',
    )
    expect(parsed.text).toContain('Jusqu’ici\u00a0: Old · mardi 3 mars 2026')
    const same = await sent({ kind: 'update', meeting, before: meeting }, 'en')
    expect(same.parsed.text).not.toContain('Until now')
    const off = await sent({ kind: 'uninvitation', meeting }, 'en')
    expect(off.parsed.text).toContain('does not work any more')
  })

  it('two mails of one moment are two files, the same one again is one, nothing is half-written', async () => {
    await Promise.all([1, 2, 3].map(() => sent({ kind: 'reset', link: LINK }, 'en')))
    made -= 1
    const { parsed } = await sent({ kind: 'reset', link: LINK }, 'en')
    expect(parsed.messageId).toBe(`<mail-${made}@meet.example.org>`)
    const files = readdirSync(join(folder, 'outbox'))
    expect(files).toHaveLength(3)
    const shape = /^2026-03-03T10-00-00-000Z-mail-\d+\.eml$/
    expect(files.filter((name) => !shape.test(name))).toEqual([])
  })

  it('a folder that cannot be written fails everybody, in words', async () => {
    writeFileSync(join(folder, 'outbox'), '')
    const message = { messageId: '<x@example.org>', date: new Date(NOW), to: 'bob@example.org' }
    expect(await outbox.deliver(message)).toEqual({
      outcome: 'failed',
      answer: `The folder ${join(folder, 'outbox')} cannot be written (EEXIST).`,
      everybody: true,
      unsure: true,
    })
  })
})

it('O6 what a kill has left half-written is gone after the next start, and nothing else', async () => {
  await sent({ kind: 'reset', link: LINK }, 'en')
  const whole = readdirSync(join(folder, 'outbox'))
  writeFileSync(join(folder, 'outbox', '.2026-03-03T10-00-00-000Z-0007.eml.new'), 'half')
  writeFileSync(join(folder, 'outbox', 'note.eml.new'), 'somebody else’s')
  openOutbox(join(folder, 'outbox'))
  expect(readdirSync(join(folder, 'outbox')).toSorted()).toEqual(
    [...whole, 'note.eml.new'].toSorted(),
  )
})

describe('times in mails', () => {
  it.each([
    ['en', 'Europe/Paris', 'Sunday, 29 March 2026 at 01:30 (Europe/Paris, CET)'],
    ['fr', 'Europe/Paris', 'dimanche 29 mars 2026 à 01:30 (Europe/Paris, UTC+1)'],
    ['en', 'UTC', 'Sunday, 29 March 2026 at 00:30 (UTC)'],
    // Half an hour before midnight on the day before, and a half-hour zone.
    ['en', 'America/Sao_Paulo', 'Saturday, 28 March 2026 at 21:30 (America/Sao Paulo, GMT-3)'],
    ['fr', 'Asia/Kolkata', 'dimanche 29 mars 2026 à 06:00 (Asia/Kolkata, UTC+5:30)'],
    ['fr', 'Indian/Reunion', 'dimanche 29 mars 2026 à 04:30 (Indian/Reunion, UTC+4)'],
  ] as const)('in %s, for %s', (language, zone, written) => {
    expect(writeTime(language, meeting.startsAt, zone).replaceAll('\u202f', ' ')).toBe(written)
  })

  it('midnight is 00:00, and summer time begins between two hours', () => {
    const at = (iso: string) => writeTime('en', Date.parse(iso), 'Europe/Paris')
    expect(at('2026-03-02T23:00:00Z')).toBe('Tuesday, 3 March 2026 at 00:00 (Europe/Paris, CET)')
    expect(at('2026-03-29T00:59:00Z')).toContain('01:59 (Europe/Paris, CET)')
    expect(at('2026-03-29T01:00:00Z')).toContain('03:00 (Europe/Paris, CEST)')
  })
})
