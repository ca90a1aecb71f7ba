/** Every attack that is tried on the web client, and what must come of it. `npm run drill` shows one line for each. */

/**
 * `refused`: what the TCS made up is not taken, and said so. `detected`: found out by what the members tell each other.
 * `blocked`: it has no effect. `flagged`: shown on the person it is about.
 */
export type Outcome = 'refused' | 'detected' | 'blocked' | 'flagged'

export const ATTACKS = {
  'ephemeral key swapped in a HELLO': 'refused',
  'device key swapped in a HELLO': 'refused',
  'suite downgraded in a HELLO': 'refused',
  'bits flipped in a HELLO': 'refused',
  'HELLO of one who left, replayed': 'blocked',
  'HELLO of one member under the name of another': 'refused',
  'bits flipped in key messages': 'refused',
  'key messages repeated': 'refused',
  'key messages out of order': 'refused',
  'old sender keys played again': 'refused',
  'own messages reflected': 'refused',
  'a member announced that does not exist': 'blocked',
  'pictures of two members swapped': 'blocked',
  'voices of two members swapped': 'blocked',
  'camera relabelled as a shared screen': 'blocked',
  'clear pictures injected': 'blocked',
  'clear silence injected': 'blocked',
  'flags that ask the client not to encrypt': 'blocked',
  'TCS without a proof of identity': 'refused',
  'TCS with a key of its own': 'refused',
  'TCS with the certified key’s name and another signature': 'refused',
  'DTLS certificate that the TCS has not signed': 'refused',
  'token keys under another root': 'refused',
  'token keys not signed by the root they name': 'refused',
  'token keys recorded before newer ones replaced them': 'refused',
  'a member hidden from another': 'detected',
  'a leave hidden from a member': 'detected',
  'HELLOs of one who left, replayed to a newcomer': 'detected',
  'key messages of one pair dropped': 'flagged',
  'media of a member frozen': 'flagged',
  'voice of a member delayed': 'flagged',
  'meeting code with a hidden member': 'detected',
  'chat altered on its way': 'refused',
  'chat repeated': 'refused',
  'chat under the name of another': 'refused',
  'chat that the policy forbids': 'refused',
  'signatures over frames held back': 'flagged',
  'frames forged in place of real ones, with a member’s help': 'flagged',
  'frames at a step that is not reached yet, with a member’s help': 'flagged',
  'frames made up, with a member’s help': 'flagged',
} as const satisfies Record<string, Outcome>

export type Attack = keyof typeof ATTACKS
