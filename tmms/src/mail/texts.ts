/** What mails say, in each language. Whole sentences, so that translators see what they translate. */
import type { Language, Role } from '../contract/accounts.ts'
import { showEmail } from '../domain/accounts/email.ts'
import type { Mail, MeetingNotice } from '../domain/mailer.ts'

/** One language's version of a mail, in plain words; layout.ts dresses it. */
export interface Letter {
  readonly subject: string
  readonly greeting: string
  readonly paragraphs: readonly string[]
  /** Label and value, such as When: Monday. */
  readonly facts: readonly (readonly [string, string])[]
  readonly buttons: readonly { readonly label: string; readonly link: string }[]
  readonly small: string
}

type Words = {
  readonly [K in Mail['kind']]: (mail: Extract<Mail, { kind: K }>) => Letter
}

const ROLES: Readonly<Record<Language, Readonly<Record<Role, string>>>> = {
  en: { administrator: 'an administrator', organiser: 'an organiser', user: 'a participant' },
  fr: { administrator: 'administrateur', organiser: 'organisateur', user: 'participant' },
}

const en: Words = {
  welcome: ({ role, link }) => ({
    subject: 'Your Huisclos account',
    greeting: 'Hello,',
    paragraphs: [
      `You have been invited to Huisclos, encrypted video meetings, as ${ROLES.en[role]}.`,
      'Please confirm your name and choose a password.',
    ],
    facts: [],
    buttons: [{ label: 'Activate my account', link }],
    small: 'The link works once, for 7 days. If you did not expect this mail, ignore it.',
  }),
  reset: ({ link }) => ({
    subject: 'Choose a new password',
    greeting: 'Hello,',
    paragraphs: ['Somebody, probably you, asked for a new password for your Huisclos account.'],
    facts: [],
    buttons: [{ label: 'Choose a new password', link }],
    small: 'The link works once, for 30 minutes. If it was not you, ignore this mail.',
  }),
  invitation: ({ meeting, validateLink }) => ({
    subject: `Invitation: ${meeting.title}`,
    greeting: 'Hello,',
    paragraphs: [
      `${meeting.organiser.name} invites you to an encrypted video meeting. It takes place in your browser; there is nothing to install.`,
      ...(validateLink === null
        ? []
        : ['It is your first meeting here: please activate your account first.']),
      ...(meeting.link === null ? [whoHandsOver('en', meeting)] : []),
    ],
    facts: facts('en', meeting),
    buttons: [
      ...(validateLink === null ? [] : [{ label: 'Activate my account', link: validateLink }]),
      ...(meeting.link === null ? [] : [{ label: 'Join the meeting', link: meeting.link }]),
    ],
    small:
      validateLink === null
        ? 'The meeting opens 15 minutes before it starts. The link works for invited people only.'
        : 'The activation link works once, for 7 days. The meeting opens 15 minutes before it starts.',
  }),
  cancellation: ({ meeting }) => ({
    subject: `Cancelled: ${meeting.title}`,
    greeting: 'Hello,',
    paragraphs: [`${meeting.organiser.name} has cancelled this meeting.`],
    facts: facts('en', meeting),
    buttons: [],
    small: 'There is nothing you need to do.',
  }),
}

const fr: Words = {
  welcome: ({ role, link }) => ({
    subject: 'Votre compte Huisclos',
    greeting: 'Bonjour,',
    paragraphs: [
      `Vous êtes invité(e) sur Huisclos, la visioconférence chiffrée, comme ${ROLES.fr[role]}.`,
      'Veuillez confirmer votre nom et choisir un mot de passe.',
    ],
    facts: [],
    buttons: [{ label: 'Activer mon compte', link }],
    small: 'Le lien sert une seule fois, pendant 7 jours. Si ce message vous surprend, ignorez-le.',
  }),
  reset: ({ link }) => ({
    subject: 'Choisir un nouveau mot de passe',
    greeting: 'Bonjour,',
    paragraphs: [
      'Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour votre compte Huisclos.',
    ],
    facts: [],
    buttons: [{ label: 'Choisir un nouveau mot de passe', link }],
    small:
      'Le lien sert une seule fois, pendant 30 minutes. Si ce n’était pas vous, ignorez ce message.',
  }),
  invitation: ({ meeting, validateLink }) => ({
    subject: `Invitation\u00a0: ${meeting.title}`,
    greeting: 'Bonjour,',
    paragraphs: [
      `${meeting.organiser.name} vous invite à une réunion vidéo chiffrée. Elle se tient dans votre navigateur, sans rien installer.`,
      ...(validateLink === null
        ? []
        : ['C’est votre première réunion ici\u00a0: veuillez d’abord activer votre compte.']),
      ...(meeting.link === null ? [whoHandsOver('fr', meeting)] : []),
    ],
    facts: facts('fr', meeting),
    buttons: [
      ...(validateLink === null ? [] : [{ label: 'Activer mon compte', link: validateLink }]),
      ...(meeting.link === null ? [] : [{ label: 'Rejoindre la réunion', link: meeting.link }]),
    ],
    small:
      validateLink === null
        ? 'La réunion ouvre 15 minutes avant son début. Le lien ne vaut que pour les personnes invitées.'
        : 'Le lien d’activation sert une seule fois, pendant 7 jours. La réunion ouvre 15 minutes avant son début.',
  }),
  cancellation: ({ meeting }) => ({
    subject: `Annulée\u00a0: ${meeting.title}`,
    greeting: 'Bonjour,',
    paragraphs: [`${meeting.organiser.name} a annulé cette réunion.`],
    facts: facts('fr', meeting),
    buttons: [],
    small: 'Vous n’avez rien à faire.',
  }),
}

const WORDS: Readonly<Record<Language, Words>> = { en, fr }

export function letterFor(language: Language, mail: Mail): Letter {
  const words = WORDS[language]
  switch (mail.kind) {
    case 'welcome':
      return words.welcome(mail)
    case 'reset':
      return words.reset(mail)
    case 'invitation':
      return words.invitation(mail)
    case 'cancellation':
      return words.cancellation(mail)
  }
}

/** Says that the link is not in the mail, and from whom it comes. */
export function whoHandsOver(language: Language, { organiser }: MeetingNotice): string {
  return language === 'fr'
    ? `${organiser.name} vous remettra le lien de la réunion\u00a0: il contient un secret que ce serveur ne connaît pas.`
    : `${organiser.name} will hand you the link of the meeting: it contains a secret that this server does not know.`
}

const LABELS = {
  en: { locale: 'en-GB', title: 'Meeting', when: 'When', duration: 'Duration', by: 'Organiser' },
  fr: { locale: 'fr-FR', title: 'Réunion', when: 'Quand', duration: 'Durée', by: 'Organisation' },
} as const

function facts(language: Language, meeting: MeetingNotice): Letter['facts'] {
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

/** Such as "Tuesday, 3 March 2026 at 14:00 (CET)". The calendar part tells each reader's own time. */
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
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone
}
