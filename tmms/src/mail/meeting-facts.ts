/** What mails say about a meeting: its facts, and who hands its link over. */
import type { Language } from '../contract/accounts.ts'
import { showEmail } from '../domain/accounts/email.ts'
import type { Mail, MeetingNotice } from '../domain/mail/mail.ts'
import type { Facts } from './letter.ts'

/** Says that the link is not in the mail, and from whom it comes. */
export function whoHandsOver(language: Language, { organiser }: MeetingNotice): string {
  return language === 'fr'
    ? `${organiser.name} vous remettra le lien de la réunion\u00a0: il contient un secret que ce serveur ne connaît pas.`
    : `${organiser.name} will hand you the link of the meeting: it contains a secret that this server does not know.`
}

/** Says so when it is kept who is in. */
export function whatIsKept(language: Language, { attendance }: MeetingNotice): Facts {
  if (attendance !== true) return []
  return language === 'fr'
    ? [
        [
          'Présences',
          'gardées, avec leur début et leur fin, pour qui organise et pour l’administration',
        ],
      ]
    : [
        [
          'Attendance',
          'who is in, from when to when, is kept for the organiser and the administrators',
        ],
      ]
}

/** Until when the link to activate an account works, and what it does afterwards. */
export function activationLife(
  language: Language,
  { zone }: Pick<MeetingNotice, 'zone'>,
  until: number | undefined,
): string {
  // Mails that were made before this was told have a link of 7 days.
  if (until === undefined) {
    return language === 'fr'
      ? 'Le lien d’activation sert une seule fois, pendant 7 jours. Ensuite, il propose d’en envoyer un nouveau.'
      : 'The activation link works once, for 7 days. After that, it offers to send a new one.'
  }
  const end = writeTime(language, until, zone)
  return language === 'fr'
    ? `Le lien d’activation sert une seule fois, jusqu’au ${end}. Ensuite, il propose d’en envoyer un nouveau.`
    : `The activation link works once, until ${end}. After that, it offers to send a new one.`
}

const LABELS = {
  en: {
    locale: 'en-GB',
    title: 'Meeting',
    when: 'When',
    duration: 'Duration',
    by: 'Organiser',
    before: 'Until now',
  },
  fr: {
    locale: 'fr-FR',
    title: 'Réunion',
    when: 'Quand',
    duration: 'Durée',
    by: 'Organisation',
    before: 'Jusqu’ici',
  },
} as const

export function facts(language: Language, meeting: MeetingNotice): Facts {
  const labels = LABELS[language]
  const { name } = meeting.organiser
  const email = showEmail(meeting.organiser.email)
  return [
    [labels.title, meeting.title],
    [labels.when, writeTime(language, meeting.startsAt, meeting.zone)],
    [labels.duration, `${meeting.durationMin} min`],
    [labels.by, name === email ? email : `${name} <${email}>`],
  ]
}

/** Its organiser, unless an administrator cancelled it or gave it another one. */
export function whoDidIt(
  language: Language,
  mail: Extract<Mail, { meeting: MeetingNotice }>,
): string {
  const byAdministrator =
    ('byAdministrator' in mail && mail.byAdministrator) ||
    (mail.kind === 'update' && hasNewOrganiser(mail.meeting, mail.before))
  if (!byAdministrator) return mail.meeting.organiser.name
  return language === 'fr' ? 'L’administration' : 'An administrator'
}

export function hasNewOrganiser(
  now: MeetingNotice,
  { organiser }: Extract<Mail, { kind: 'update' }>['before'],
): boolean {
  return organiser !== undefined && organiser.email !== now.organiser.email
}

/** What the meeting was before, as far as it is another now. */
export function factsBefore(
  language: Language,
  now: MeetingNotice,
  before: Extract<Mail, { kind: 'update' }>['before'],
): Facts {
  const changed = [
    before.title === now.title ? '' : before.title,
    before.startsAt === now.startsAt ? '' : writeTime(language, before.startsAt, before.zone),
    before.durationMin === now.durationMin ? '' : `${before.durationMin} min`,
    formerOrganiser(now, before),
  ].filter((text) => text !== '')
  return changed.length === 0 ? [] : [[LABELS[language].before, changed.join(' · ')]]
}

/** Whose name stays is known by the former address. */
function formerOrganiser(
  now: MeetingNotice,
  before: Extract<Mail, { kind: 'update' }>['before'],
): string {
  const { organiser } = before
  if (organiser === undefined || !hasNewOrganiser(now, before)) return ''
  return organiser.name === now.organiser.name ? showEmail(organiser.email) : organiser.name
}

/** Such as "Tuesday, 3 March 2026 at 14:00 (Europe/Paris, CET)". The calendar part tells each reader's own time. */
export function writeTime(language: Language, atMs: number, zone: string): string {
  const { locale } = LABELS[language]
  const format = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }).format(atMs)
  const day = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  const time = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return language === 'fr'
    ? `${day} à ${time} (${zoneName(locale, atMs, zone)})`
    : `${day} at ${time} (${zoneName(locale, atMs, zone)})`
}

function zoneName(locale: string, atMs: number, zone: string): string {
  const options = { timeZone: zone, timeZoneName: 'short' } as const
  const parts = new Intl.DateTimeFormat(locale, options).formatToParts(atMs)
  const short = parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone
  return short === zone ? zone : `${zone.replaceAll('_', ' ')}, ${short}`
}
