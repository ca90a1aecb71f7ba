/** What mails say in English. */
import type { Role } from '../contract/accounts.ts'
import { showEmail } from '../domain/accounts/email.ts'
import type { Words } from './letter.ts'
import {
  activationLife,
  facts,
  factsBefore,
  linkOfUpdate,
  whoChanged,
  whoHandsOver,
  writeTime,
} from './meeting-facts.ts'

const ROLES: Readonly<Record<Role, string>> = {
  administrator: 'an administrator',
  organiser: 'an organiser',
  user: 'a participant',
}

export const en: Words = {
  welcome: ({ role, link }) => ({
    subject: 'Your Huisclos account',
    greeting: 'Hello,',
    paragraphs: [
      `You have been invited to Huisclos, encrypted video meetings, as ${ROLES[role]}.`,
      'Please confirm your name and choose a password.',
    ],
    facts: [],
    buttons: [{ label: 'Activate my account', link }],
    small:
      'The link works once, for 7 days. After that, it offers to send a new one. If you did not expect this mail, ignore it.',
  }),
  reset: ({ link }) => ({
    subject: 'Choose a new password',
    greeting: 'Hello,',
    paragraphs: ['Somebody, probably you, asked for a new password for your Huisclos account.'],
    facts: [],
    buttons: [{ label: 'Choose a new password', link }],
    small: 'The link works once, for 30 minutes. If it was not you, ignore this mail.',
  }),
  'address-changed': ({ former, address }) => ({
    subject: 'The address of your Huisclos account has changed',
    greeting: 'Hello,',
    paragraphs: [
      'An administrator has changed the address of your Huisclos account. You have been signed out everywhere.',
      'Sign in with the new address and the same password as before.',
    ],
    facts: [
      ['Former address', showEmail(former)],
      ['New address', showEmail(address)],
    ],
    buttons: [],
    small: 'If you did not expect this, tell your administrator.',
  }),
  'handed-over': ({ former, meetings }) => ({
    subject:
      meetings.length === 1
        ? 'You now organise a meeting'
        : `You now organise ${meetings.length} meetings`,
    greeting: 'Hello,',
    paragraphs: [
      `An administrator has handed you the meetings of ${former}. You find them on your home page.`,
    ],
    facts: meetings.map(({ title, startsAt, zone }) => [title, writeTime('en', startsAt, zone)]),
    buttons: [],
    small: 'If a meeting had a link that its organiser handed over, ask them for that link.',
  }),
  invitation: ({ meeting, validateLink, validateUntil }) => ({
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
        : `${activationLife('en', meeting, validateUntil)} The meeting opens 15 minutes before it starts.`,
  }),
  cancellation: ({ meeting, byAdministrator }) => ({
    subject: `Cancelled: ${meeting.title}`,
    greeting: 'Hello,',
    paragraphs: [
      byAdministrator === true
        ? 'An administrator has cancelled this meeting.'
        : `${meeting.organiser.name} has cancelled this meeting.`,
    ],
    facts: facts('en', meeting),
    buttons: [],
    small: 'There is nothing you need to do.',
  }),
  update: (mail) => ({
    subject: `Changed: ${mail.meeting.title}`,
    greeting: 'Hello,',
    paragraphs: [whoChanged('en', mail), ...linkOfUpdate('en', mail)],
    facts: [...facts('en', mail.meeting), ...factsBefore('en', mail.meeting, mail.before)],
    buttons:
      mail.meeting.link === null ? [] : [{ label: 'Join the meeting', link: mail.meeting.link }],
    small:
      'The meeting opens 15 minutes before it starts. The link that you had before still works.',
  }),
  uninvitation: ({ meeting }) => ({
    subject: `No longer invited: ${meeting.title}`,
    greeting: 'Hello,',
    paragraphs: [`${meeting.organiser.name} has taken you off the list of this meeting.`],
    facts: facts('en', meeting),
    buttons: [],
    small: 'There is nothing you need to do. The link that you had does not work any more.',
  }),
  test: () => ({
    subject: 'A test of the mails of Huisclos',
    greeting: 'Hello,',
    paragraphs: [
      'This mail was asked for on the page "Mail" of the administration. It has arrived.',
    ],
    facts: [],
    buttons: [],
    small: 'There is nothing you need to do.',
  }),
}
