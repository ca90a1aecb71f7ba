/** What stands for each placeholder of a mail. */
import type { Language, Role } from '../contract/accounts.ts'
import type { Placeholder, Wording } from '../contract/letter-parts.ts'
import { showEmail } from '../domain/accounts/email.ts'
import type { Mail, MeetingNotice } from '../domain/mail/mail.ts'
import type { Facts, LinkParagraph } from './letter.ts'
import { accountLinkLife } from './link-life.ts'
import {
  activationLife,
  facts,
  factsBefore,
  hasNewOrganiser,
  whatIsKept,
  whoDidIt,
  whoHandsOver,
  writeTime,
} from './meeting-facts.ts'

export interface LetterValues {
  readonly texts: Readonly<Partial<Record<Placeholder, string>>>
  readonly details?: Facts
  readonly link?: LinkParagraph
}

const ROLES: Readonly<Record<Language, Readonly<Record<Role, string>>>> = {
  en: { administrator: 'an administrator', organiser: 'an organiser', user: 'a participant' },
  fr: { administrator: 'administrateur', organiser: 'organisateur', user: 'participant' },
}
const ADDRESSES: Readonly<Record<Language, readonly [string, string]>> = {
  en: ['Former address', 'New address'],
  fr: ['Ancienne adresse', 'Nouvelle adresse'],
}

/** @param wording of this language: the labels of its links */
export function letterValues(language: Language, mail: Mail, wording: Wording): LetterValues {
  switch (mail.kind) {
    case 'welcome':
      return {
        texts: { role: ROLES[language][mail.role] },
        link: oneLink(wording.button, mail.link, accountLinkLife(language, mail)),
      }
    case 'reset':
      return {
        texts: {},
        link: oneLink(wording.button, mail.link, accountLinkLife(language, mail)),
      }
    case 'address-changed':
      return addressValues(language, mail)
    case 'handed-over':
      return {
        texts: { former: mail.former, count: String(mail.meetings.length) },
        details: mail.meetings.map(({ title, startsAt, zone }) => [
          title,
          writeTime(language, startsAt, zone),
        ]),
      }
    case 'test':
      return { texts: {} }
    default:
      return meetingValues(language, mail, wording)
  }
}

function addressValues(
  language: Language,
  mail: Extract<Mail, { kind: 'address-changed' }>,
): LetterValues {
  const [former, address] = [showEmail(mail.former), showEmail(mail.address)]
  const [formerLabel, addressLabel] = ADDRESSES[language]
  return {
    texts: { former, address },
    details: [
      [formerLabel, former],
      [addressLabel, address],
    ],
  }
}

function meetingValues(
  language: Language,
  mail: Extract<Mail, { meeting: MeetingNotice }>,
  wording: Wording,
): LetterValues {
  const { meeting } = mail
  const told = [
    ...facts(language, meeting),
    ...(mail.kind === 'update' ? factsBefore(language, meeting, mail.before) : []),
    ...(mail.kind === 'invitation' ? whatIsKept(language, meeting) : []),
  ]
  const base = {
    texts: {
      organiser: whoDidIt(language, mail),
      title: meeting.title,
      date: writeTime(language, meeting.startsAt, meeting.zone),
      duration: `${meeting.durationMin} min`,
    },
    details: told,
  }
  if (mail.kind === 'invitation') return { ...base, link: invitationLink(language, mail, wording) }
  if (mail.kind === 'update') {
    // A new organiser has yet to get the link from the former one.
    const handed = meeting.link === null && hasNewOrganiser(meeting, mail.before)
    const nothing = { texts: [], buttons: [], note: '' }
    return { ...base, link: handed ? nothing : meetingLink(language, meeting, wording) }
  }
  return base
}

function invitationLink(
  language: Language,
  { meeting, validateLink, validateUntil }: Extract<Mail, { kind: 'invitation' }>,
  wording: Wording,
): LinkParagraph {
  const known = meetingLink(language, meeting, wording)
  if (validateLink === null) return known
  return {
    texts: [wording.newcomer ?? '', ...known.texts],
    buttons: [{ label: wording.activate ?? '', link: validateLink }, ...known.buttons],
    note: activationLife(language, meeting, validateUntil),
  }
}

function meetingLink(language: Language, meeting: MeetingNotice, wording: Wording): LinkParagraph {
  if (meeting.link === null)
    return { texts: [whoHandsOver(language, meeting)], buttons: [], note: '' }
  return oneLink(wording.button, meeting.link, '')
}

function oneLink(label = '', link: string, note: string): LinkParagraph {
  return { texts: [], buttons: [{ label, link }], note }
}
