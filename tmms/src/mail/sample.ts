/** Mails with made-up people, for whoever words them: each with every part that it can have. */
import type { Mail, MailKind, MeetingNotice } from '../domain/mail/mail.ts'

interface SampleSurroundings {
  /** `https://host[:port]`. */
  readonly origin: string
  readonly nowMs: number
  /** IANA. */
  readonly zone: string
}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

export function sampleMail(kind: MailKind, { origin, nowMs, zone }: SampleSurroundings): Mail {
  const tomorrow = Math.ceil((nowMs + DAY_MS) / HOUR_MS) * HOUR_MS
  const meeting: MeetingNotice = {
    id: 'sample',
    title: 'Budget 2030',
    startsAt: tomorrow,
    durationMin: 60,
    zone,
    sequence: 0,
    organiser: { name: 'Ada Lovelace', email: 'ada@example.org' },
    link: `${origin}/j/sample`,
  }
  const link = `${origin}/welcome#sample`
  const mails: { readonly [K in MailKind]: Extract<Mail, { kind: K }> } = {
    welcome: { kind: 'welcome', role: 'user', link },
    reset: { kind: 'reset', link },
    invitation: {
      kind: 'invitation',
      meeting,
      validateLink: link,
      validateUntil: tomorrow + DAY_MS,
    },
    update: {
      kind: 'update',
      meeting,
      before: { ...meeting, startsAt: tomorrow - HOUR_MS },
    },
    cancellation: { kind: 'cancellation', meeting },
    uninvitation: { kind: 'uninvitation', meeting },
    'address-changed': {
      kind: 'address-changed',
      former: 'ada@example.org',
      address: 'ada.lovelace@example.org',
    },
    'handed-over': { kind: 'handed-over', former: 'Ada Lovelace', meetings: [meeting] },
    test: { kind: 'test' },
  }
  return mails[kind]
}
