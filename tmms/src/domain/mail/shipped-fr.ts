/** What mails say in French as long as nobody words them anew. */
import type { Shipped } from './wording.ts'

export const fr: Shipped = {
  welcome: {
    subject: 'Votre compte {installation}',
    text: `Bonjour,

Vous êtes invité(e) sur {installation}, la visioconférence chiffrée, comme {role}.

Veuillez confirmer votre nom et choisir un mot de passe.

{link}

Si ce message vous surprend, ignorez-le.`,
    button: 'Activer mon compte',
  },
  reset: {
    subject: 'Choisir un nouveau mot de passe',
    text: `Bonjour,

Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour votre compte {installation}.

{link}

Si ce n’était pas vous, ignorez ce message.`,
    button: 'Choisir un nouveau mot de passe',
  },
  invitation: {
    subject: 'Invitation\u00a0: {title}',
    text: `Bonjour,

{organiser} vous invite à une réunion vidéo chiffrée. Elle se tient dans votre navigateur, sans rien installer.

{details}

{link}

La réunion ouvre 15 minutes avant son début. Le lien ne vaut que pour les personnes invitées.`,
    button: 'Rejoindre la réunion',
    newcomer: 'C’est votre première réunion ici\u00a0: veuillez d’abord activer votre compte.',
    activate: 'Activer mon compte',
  },
  update: {
    subject: 'Modifiée\u00a0: {title}',
    text: `Bonjour,

{organiser} a modifié cette réunion.

{details}

{link}

La réunion ouvre 15 minutes avant son début. Le lien que vous aviez fonctionne toujours.`,
    button: 'Rejoindre la réunion',
  },
  cancellation: {
    subject: 'Annulée\u00a0: {title}',
    text: `Bonjour,

{organiser} a annulé cette réunion.

{details}

Vous n’avez rien à faire.`,
  },
  uninvitation: {
    subject: 'Invitation retirée\u00a0: {title}',
    text: `Bonjour,

{organiser} vous a retiré(e) de la liste de cette réunion.

{details}

Vous n’avez rien à faire. Le lien que vous aviez ne fonctionne plus.`,
  },
  'address-changed': {
    subject: 'L’adresse de votre compte {installation} a changé',
    text: `Bonjour,

L’administration a changé l’adresse de votre compte {installation}. Toutes vos sessions sont fermées.

Connectez-vous avec la nouvelle adresse et le même mot de passe qu’avant.

{details}

Si ce changement vous surprend, signalez-le à l’administration.`,
  },
  'handed-over': {
    subject: 'Vous organisez désormais à la place de {former}',
    text: `Bonjour,

L’administration vous confie, à la place de {former}, ce qui suit. Retrouvez-le sur votre page d’accueil.

{details}

Si le lien d’une réunion était remis en main propre, demandez-le à la personne qui l’organisait.`,
  },
  test: {
    subject: 'Essai des messages de {installation}',
    text: `Bonjour,

Ce message a été demandé à la page «\u00a0E-mails\u00a0» de l’administration. Il est bien arrivé.

Vous n’avez rien à faire.`,
  },
}
