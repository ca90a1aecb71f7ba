import ICAL from 'ical.js'
import { simpleParser } from 'mailparser'
import nodemailer from 'nodemailer'
import { describe, expect, it } from 'vitest'
import { shippedDress } from '../domain/mail/dress.ts'
import type { Mail, MeetingNotice } from '../domain/mail/mail.ts'
import { calendarFor, type CalendarPart } from './calendar.ts'
import { compose } from './compose.ts'

const NOW = Date.parse('2026-03-03T10:00:00Z')
const meeting: MeetingNotice = {
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  title: 'Board; "quarterly", the\\long — réunion\nBEGIN:VALARM',
  startsAt: Date.parse('2026-03-29T00:30:00Z'),
  durationMin: 90,
  zone: 'Europe/Paris',
  sequence: 3,
  organiser: { name: 'Ada; "The" <Lovelace>, née Byron', email: 'ada@example.org' },
  link: 'https://meet.example.org/j/AAAAAAAAAAAAAAAAAAAAAA#v1.thumb',
}
const sender = { name: 'Huisclos', address: 'no-reply@meet.example.org', replyTo: '' }

function entry(
  notice: MeetingNotice,
  method: CalendarPart['method'] = 'REQUEST',
): { calendar: ICAL.Component; event: ICAL.Component; content: string } {
  const stamp = { method, host: 'meet.example.org', createdAt: NOW, sender }
  const { content } = calendarFor(notice, 'bob@example.org', stamp)
  const calendar = new ICAL.Component(ICAL.parse(content) as unknown[])
  const [event] = calendar.getAllSubcomponents('vevent')
  if (event === undefined) throw new Error('no event')
  return { calendar, event, content }
}

/** What a reader of RFC 5545 who knows no zone but those of the file takes the start and the end for. */
function times({ calendar, event }: ReturnType<typeof entry>): number[] {
  return ['dtstart', 'dtend'].map((name) => {
    const property = event.getFirstProperty(name)
    const time = property?.getFirstValue() as ICAL.Time
    const tzid = property?.getFirstParameter('tzid')
    const zone = calendar
      .getAllSubcomponents('vtimezone')
      .find((one) => one.getFirstPropertyValue('tzid') === tzid)
    if (zone !== undefined) time.zone = new ICAL.Timezone(zone)
    return time.toUnixTime() * 1000
  })
}

describe('calendar entries, as another parser reads them', () => {
  it('an invitation has all that RFC 5546 section 3.2.2 asks for, and what is typed stays text', () => {
    const { calendar, event } = entry(meeting)
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST')
    expect(calendar.getFirstPropertyValue('version')).toBe('2.0')
    expect(calendar.getAllSubcomponents('vevent')).toHaveLength(1)
    expect(event.getAllSubcomponents('valarm')).toHaveLength(0)
    expect(event.getFirstPropertyValue('uid')).toBe('AAAAAAAAAAAAAAAAAAAAAA@meet.example.org')
    expect(event.getFirstPropertyValue('sequence')).toBe(3)
    expect(event.getFirstPropertyValue('status')).toBe('CONFIRMED')
    expect(event.getFirstPropertyValue('summary')).toBe(meeting.title)
    expect(event.getFirstPropertyValue('url')).toBe(meeting.link)
    expect(event.getFirstPropertyValue('dtstamp')?.toString()).toBe('2026-03-03T10:00:00Z')
    const organizer = event.getFirstProperty('organizer')
    expect(organizer?.getFirstValue()).toMatch(/^mailto:ada@example\.org$/i)
    expect(organizer?.getFirstParameter('sent-by')).toMatch(/^mailto:no-reply@meet\.example\.org$/i)
    const attendee = event.getFirstProperty('attendee')
    expect(attendee?.getFirstValue()).toMatch(/^mailto:bob@example\.org$/i)
    expect(attendee?.getFirstParameter('partstat')).toBe('NEEDS-ACTION')
    expect(attendee?.getFirstParameter('role')).toBe('REQ-PARTICIPANT')
  })

  it('who mails in their own name is not said to be somebody else', () => {
    const own = { ...meeting, organiser: { ...meeting.organiser, email: sender.address } }
    expect(
      entry(own).event.getFirstProperty('organizer')?.getFirstParameter('sent-by'),
    ).toBeUndefined()
  })

  it('a cancellation takes away the same event by a higher number', () => {
    const { calendar, event } = entry({ ...meeting, sequence: 4 }, 'CANCEL')
    expect(calendar.getFirstPropertyValue('method')).toBe('CANCEL')
    expect(event.getFirstPropertyValue('status')).toBe('CANCELLED')
    expect(event.getFirstPropertyValue('sequence')).toBe(4)
    expect(event.getFirstPropertyValue('uid')).toBe(
      entry(meeting).event.getFirstPropertyValue('uid'),
    )
    expect(event.getFirstPropertyValue('url')).toBeNull()
  })

  it.each([
    ['Europe/Paris', '2026-03-29T00:30:00Z', 'Europe/Paris'],
    ['Europe/Paris', '2026-10-24T12:00:00Z', 'Europe/Paris'],
    // Local times of which there are two are read differently by different readers.
    ['Europe/Paris', '2026-10-25T00:00:00Z', undefined],
    ['Europe/Paris', '2026-10-25T00:30:00Z', undefined],
    ['Europe/Paris', '2026-10-25T01:30:00Z', undefined],
    ['Europe/Paris', '2026-10-25T02:00:00Z', 'Europe/Paris'],
    ['America/New_York', '2026-03-08T06:45:00Z', 'America/New_York'],
    ['Asia/Kolkata', '2026-07-01T12:00:00Z', 'Asia/Kolkata'],
    // Under the name that the organiser's browser gave, never under that of another place.
    ['Asia/Calcutta', '2026-07-01T12:00:00Z', 'Asia/Calcutta'],
    ['Indian/Reunion', '2026-12-02T22:30:00Z', 'Indian/Reunion'],
    ['America/Guadeloupe', '2026-07-01T12:00:00Z', 'America/Guadeloupe'],
    ['America/Sao_Paulo', '2026-01-01T02:00:00Z', 'America/Sao_Paulo'],
    ['Australia/Lord_Howe', '2026-04-04T12:00:00Z', 'Australia/Lord_Howe'],
    ['Australia/Lord_Howe', '2026-04-04T13:20:00Z', undefined],
    ['Europe/Dublin', '2026-07-01T12:00:00Z', 'Europe/Dublin'],
    ['UTC', '2026-07-01T12:00:00Z', undefined],
    ['Europe/Amsterdam', '2030-07-01T12:00:00Z', 'Europe/Amsterdam'],
  ])('U4 in %s at %s, start and end are those moments, told in %s', (zone, iso, written) => {
    const startsAt = Date.parse(iso)
    const read = entry({ ...meeting, zone, startsAt })
    const [start, end] = times(read)
    expect([start, end]).toEqual([startsAt, startsAt + 90 * 60_000])
    const tzid = read.event.getFirstProperty('dtstart')?.getFirstParameter('tzid')
    expect(tzid).toBe(written)
  })

  it('lines are at most 75 octets long and end as RFC 5545 section 3.1 says', () => {
    const { content } = entry(meeting)
    expect(content.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    for (const line of content.split('\r\n'))
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
  })

  it.each([
    ['invitation', 'REQUEST'],
    ['update', 'REQUEST'],
    ['cancellation', 'CANCEL'],
    ['uninvitation', 'CANCEL'],
  ] as const)(
    '%s: the part’s method is the entry’s, as alternative and as file',
    async (kind, method) => {
      const mails: Readonly<Record<typeof kind, Mail>> = {
        invitation: { kind: 'invitation', meeting, validateLink: null },
        update: { kind: 'update', meeting, before: meeting },
        cancellation: { kind: 'cancellation', meeting },
        uninvitation: { kind: 'uninvitation', meeting },
      }
      const dress = shippedDress(kind)
      const stamp = { id: 'x', createdAt: NOW, host: 'meet.example.org', sender, dress }
      const composed = compose({ email: 'bob@example.org', language: 'en' }, mails[kind], stamp)
      const composer = nodemailer.createTransport({ streamTransport: true, buffer: true })
      const { message } = await composer.sendMail(composed)
      const raw = (message as Buffer).toString()
      expect(raw).toMatch(
        new RegExp(`Content-Type: text/calendar; charset=utf-8; method=${method}`),
      )
      expect(raw).toMatch(/Content-Type: application\/ics; name=meeting\.ics/)
      const { attachments, from } = await simpleParser(raw)
      expect(attachments.map(({ contentType }) => contentType)).toEqual([
        'text/calendar',
        'application/ics',
      ])
      expect(new Set(attachments.map(({ content }) => content.toString())).size).toBe(1)
      expect(attachments[0]?.content.toString()).toContain(`METHOD:${method}`)
      expect(from?.value[0]?.address).toBe(sender.address)
    },
  )
})
