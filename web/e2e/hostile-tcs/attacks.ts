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
  'a member announced that does not exist': 'blocked',
} as const satisfies Record<string, Outcome>

export type Attack = keyof typeof ATTACKS
