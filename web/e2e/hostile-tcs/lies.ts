/** Every lie by its name. */
import type { Attacker } from './attacker.ts'
import type { Lies } from './commands.ts'
import { injectFrames, injectPicture, injectSilence, replaceFrames } from './media-forgery-lies.ts'
import { relabel, swapMedia } from './media-label-lies.ts'
import { announceAnew } from './media-places.ts'
import { delay, freeze } from './media-timing-lies.ts'
import { downgrade, drop, duplicate, flipBits, reorder } from './message-lies.ts'
import { reflect, replay, restamp, swapEk, swapIk } from './message-lies.ts'
import { ghost, hideLeave, hidePerson, resurrect } from './people-lies.ts'
import { falseFingerprint, falseIdentity, falseKeys, stripFlags } from './server-lies.ts'
import type { Lie } from './wire.ts'

/** What goes on until `truth`; nothing for a deed done at once. */
export const LIES: {
  readonly [L in keyof Lies]: (attacker: Attacker, args: Lies[L]) => Lie | undefined
} = {
  'swap-ek': swapEk,
  'swap-ik': swapIk,
  downgrade,
  'flip-bits': flipBits,
  duplicate,
  drop,
  reorder,
  replay: deed(replay),
  reflect: deed(reflect),
  restamp,
  ghost: deed(ghost),
  resurrect: deed(resurrect),
  'hide-person': hidePerson,
  'hide-leave': hideLeave,
  'announce-anew': deed(announceAnew),
  'relabel-media': relabel,
  'swap-media': swapMedia,
  'inject-picture': injectPicture,
  'inject-silence': injectSilence,
  'inject-frames': injectFrames,
  'replace-frames': replaceFrames,
  freeze,
  delay,
  'strip-flags': stripFlags,
  'false-identity': falseIdentity,
  'false-fingerprint': falseFingerprint,
  'false-keys': falseKeys,
}

function deed<A>(done: (attacker: Attacker, args: A) => void) {
  return (attacker: Attacker, args: A): undefined => {
    done(attacker, args)
  }
}
