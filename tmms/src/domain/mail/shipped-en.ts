/** What mails say in English as long as nobody words them anew. */
import type { Shipped } from './wording.ts'

export const en: Shipped = {
  welcome: {
    subject: 'Your {installation} account',
    text: `Hello,

You have been invited to {installation}, encrypted video meetings, as {role}.

Please confirm your name and choose a password.

{link}

If you did not expect this mail, ignore it.`,
    button: 'Activate my account',
  },
  reset: {
    subject: 'Choose a new password',
    text: `Hello,

Somebody, probably you, asked for a new password for your {installation} account.

{link}

If it was not you, ignore this mail.`,
    button: 'Choose a new password',
  },
  invitation: {
    subject: 'Invitation: {title}',
    text: `Hello,

{organiser} invites you to an encrypted video meeting. It takes place in your browser; there is nothing to install.

{details}

{link}

The meeting opens 15 minutes before it starts. The link works for invited people only.`,
    button: 'Join the meeting',
    newcomer: 'It is your first meeting here: please activate your account first.',
    activate: 'Activate my account',
  },
  update: {
    subject: 'Changed: {title}',
    text: `Hello,

{organiser} has changed this meeting.

{details}

{link}

The meeting opens 15 minutes before it starts. The link that you had before still works.`,
    button: 'Join the meeting',
  },
  cancellation: {
    subject: 'Cancelled: {title}',
    text: `Hello,

{organiser} has cancelled this meeting.

{details}

There is nothing you need to do.`,
  },
  uninvitation: {
    subject: 'No longer invited: {title}',
    text: `Hello,

{organiser} has taken you off the list of this meeting.

{details}

There is nothing you need to do. The link that you had does not work any more.`,
  },
  'address-changed': {
    subject: 'The address of your {installation} account has changed',
    text: `Hello,

An administrator has changed the address of your {installation} account. You have been signed out everywhere.

Sign in with the new address and the same password as before.

{details}

If you did not expect this, tell your administrator.`,
  },
  'handed-over': {
    subject: 'You are the organiser now, in place of {former}',
    text: `Hello,

An administrator has made you the organiser in place of {former}. You find on your home page:

{details}

If a meeting had a link that its organiser handed over, ask them for that link.`,
  },
  test: {
    subject: 'A test of the mails of {installation}',
    text: `Hello,

This mail was asked for on the page "Mail" of the administration. It has arrived.

There is nothing you need to do.`,
  },
}
