/** What mails say in French. */
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
  administrator: 'administrateur',
  organiser: 'organisateur',
  user: 'participant',
}

export const fr: Words = {
  welcome: ({ role, link }) => ({
    subject: 'Votre compte Huisclos',
    greeting: 'Bonjour,',
    paragraphs: [
      `Vous êtes invité(e) sur Huisclos, la visioconférence chiffrée, comme ${ROLES[role]}.`,
      'Veuillez confirmer votre nom et choisir un mot de passe.',
    ],
    facts: [],
    buttons: [{ label: 'Activer mon compte', link }],
    small:
      'Le lien sert une seule fois, pendant 7 jours. Ensuite, il propose d’en envoyer un nouveau. Si ce message vous surprend, ignorez-le.',
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
  'address-changed': ({ former, address }) => ({
    subject: 'L’adresse de votre compte Huisclos a changé',
    greeting: 'Bonjour,',
    paragraphs: [
      'L’administration a changé l’adresse de votre compte Huisclos. Toutes vos sessions sont fermées.',
      'Connectez-vous avec la nouvelle adresse et le même mot de passe qu’avant.',
    ],
    facts: [
      ['Ancienne adresse', showEmail(former)],
      ['Nouvelle adresse', showEmail(address)],
    ],
    buttons: [],
    small: 'Si ce changement vous surprend, signalez-le à l’administration.',
  }),
  'handed-over': ({ former, meetings }) => ({
    subject:
      meetings.length === 1
        ? 'Une réunion vous est confiée'
        : `${meetings.length} réunions vous sont confiées`,
    greeting: 'Bonjour,',
    paragraphs: [
      `L’administration vous confie les réunions de ${former}. Elles sont sur votre page d’accueil.`,
    ],
    facts: meetings.map(({ title, startsAt, zone }) => [title, writeTime('fr', startsAt, zone)]),
    buttons: [],
    small:
      'Si le lien d’une réunion était remis en main propre, demandez-le à la personne qui l’organisait.',
  }),
  invitation: ({ meeting, validateLink, validateUntil }) => ({
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
        : `${activationLife('fr', meeting, validateUntil)} La réunion ouvre 15 minutes avant son début.`,
  }),
  cancellation: ({ meeting, byAdministrator }) => ({
    subject: `Annulée\u00a0: ${meeting.title}`,
    greeting: 'Bonjour,',
    paragraphs: [
      byAdministrator === true
        ? 'L’administration a annulé cette réunion.'
        : `${meeting.organiser.name} a annulé cette réunion.`,
    ],
    facts: facts('fr', meeting),
    buttons: [],
    small: 'Vous n’avez rien à faire.',
  }),
  update: (mail) => ({
    subject: `Modifiée\u00a0: ${mail.meeting.title}`,
    greeting: 'Bonjour,',
    paragraphs: [whoChanged('fr', mail), ...linkOfUpdate('fr', mail)],
    facts: [...facts('fr', mail.meeting), ...factsBefore('fr', mail.meeting, mail.before)],
    buttons:
      mail.meeting.link === null
        ? []
        : [{ label: 'Rejoindre la réunion', link: mail.meeting.link }],
    small:
      'La réunion ouvre 15 minutes avant son début. Le lien que vous aviez fonctionne toujours.',
  }),
  uninvitation: ({ meeting }) => ({
    subject: `Invitation retirée\u00a0: ${meeting.title}`,
    greeting: 'Bonjour,',
    paragraphs: [`${meeting.organiser.name} vous a retiré(e) de la liste de cette réunion.`],
    facts: facts('fr', meeting),
    buttons: [],
    small: 'Vous n’avez rien à faire. Le lien que vous aviez ne fonctionne plus.',
  }),
  test: () => ({
    subject: 'Essai des messages de Huisclos',
    greeting: 'Bonjour,',
    paragraphs: [
      'Ce message a été demandé à la page «\u00a0Messages\u00a0» de l’administration. Il est bien arrivé.',
    ],
    facts: [],
    buttons: [],
    small: 'Vous n’avez rien à faire.',
  }),
}
