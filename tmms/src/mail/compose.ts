/** Makes a whole message of what the rules want told: words, layout, calendar entry, headers. */
import type { SendMailOptions } from 'nodemailer'
import type { Language } from '../contract/accounts.ts'
import { shippedDress, type Dress } from '../domain/mail/dress.ts'
import type { Mail, Recipient } from '../domain/mail/mail.ts'
import type { Sender } from '../domain/mail/mail-route.ts'
import { calendarFor, type CalendarPart } from './calendar.ts'
import { asHtml, asText, type Version } from './layout.ts'
import { letterFor } from './texts.ts'

const LANGUAGES: readonly Language[] = ['fr', 'en']

/** What stays the same however often a mail is sent. */
export interface Stamp {
  /** Stands before the @ of the Message-ID (RFC 5322 section 3.6.4). */
  readonly id: string
  readonly createdAt: number
  /** Behind the @ of Message-IDs and calendar UIDs. */
  readonly host: string
  readonly sender: Sender
  readonly dress: Dress
}

export function compose(to: Recipient, mail: Mail, stamp: Stamp): SendMailOptions {
  const { id, host, sender, createdAt, dress } = stamp
  const versions = versionsFor(to.language, mail, dress)
  const calendar = calendarPart(to, mail, stamp)
  return {
    messageId: `<${id}@${host}>`,
    from: { name: sender.name, address: sender.address },
    ...(sender.replyTo === '' ? {} : { replyTo: { name: '', address: sender.replyTo } }),
    to: { name: '', address: to.email },
    subject: versions[0]?.letter.subject ?? '',
    date: new Date(createdAt),
    // RFC 3834 section 5, and what keeps Exchange from answering that somebody is away.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
    text: asText(versions, dress.house),
    html: asHtml(versions, dress.house),
    ...(calendar === null ? {} : { icalEvent: { ...calendar, filename: 'meeting.ics' } }),
    // Mails are made of our own strings: nothing in them may be fetched or read from disk.
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** In the words that come with this version: what the terminal calls the mail. */
export function subjectOf(to: Recipient, mail: Mail): string {
  return letterFor(to.language, mail, shippedDress(mail.kind)).subject
}

export function linksOf(mail: Mail): readonly string[] {
  switch (mail.kind) {
    case 'welcome':
    case 'reset':
      return [mail.link]
    case 'invitation':
      return [mail.validateLink, mail.meeting.link].filter((link) => link !== null)
    case 'update':
      return mail.meeting.link === null ? [] : [mail.meeting.link]
    case 'address-changed':
    case 'handed-over':
    case 'cancellation':
    case 'uninvitation':
    case 'test':
      return []
  }
}

/** The reader's language first. */
export function versionsFor(language: Language, mail: Mail, dress: Dress): readonly Version[] {
  const others = LANGUAGES.filter((other) => other !== language)
  return [language, ...others].map((one) => ({
    language: one,
    letter: letterFor(one, mail, dress),
  }))
}

/** None for an organiser, whose answers would go to themselves. */
function calendarPart(to: Recipient, mail: Mail, stamp: Stamp): CalendarPart | null {
  if ('meeting' in mail && mail.meeting.organiser.email === to.email) return null
  switch (mail.kind) {
    case 'welcome':
    case 'reset':
    case 'address-changed':
    case 'handed-over':
    case 'test':
      return null
    case 'invitation':
    case 'update':
      return calendarFor(mail.meeting, to.email, { ...stamp, method: 'REQUEST' })
    case 'cancellation':
    case 'uninvitation':
      return calendarFor(mail.meeting, to.email, { ...stamp, method: 'CANCEL' })
  }
}
