/** What one code means to a person in a call, and the shapes from which the table is made. */
import { m } from '../../paraglide/messages.js'

/** `name`: whom it is about; `by`: who did it. */
export type Word = (inputs: {
  readonly name: string
  readonly by: string
  readonly code: string
}) => string

/**
 * `rejoin`: another attempt may succeed. `reload`: only a fresh page can help, because this one is outdated or shows
 * somebody who is no longer signed in. `none`: neither can.
 */
export type WayOn = 'rejoin' | 'reload' | 'none'

/**
 * `tcs`: the communication server proved no certified key; `pin`: the server's root key is another one; `old`: it shows
 * older keys than before, which a clock that was set back does as well; `token`: what it signed does not bear its key.
 */
export type Distrust = 'tcs' | 'pin' | 'old' | 'token'

export type Tone = 'info' | 'waiting' | 'error'

export interface During {
  readonly word: Word
  /** Where it was this person who did it. */
  readonly own?: Word
  /** `banner`: somebody must know or act now. `list`: in the security panel only, because networks cause it too. */
  readonly place: 'banner' | 'list'
  readonly tone: Tone
  /** A flood of others must not push it off the screen. */
  readonly lasting?: true
  /**
   * It accuses somebody, the server or another person. Only what is proved may be said so: no network, slow machine or
   * restarted server brings it about.
   */
  readonly alarm?: true
  /**
   * When it is over by itself. `soon`: news, and what passes. `with-member`: when whom it is about has come in or gone.
   * Everything else stays until the person puts it away.
   */
  readonly over?: 'soon' | 'with-member'
}

export interface Outcome {
  /** Whether no attempt of the page itself can mend it. `at-first`: it may, while coming back. */
  readonly final: 'never' | 'at-first' | 'always'
  /** Said when it ended the call, or kept it from beginning. */
  readonly ended: Word
  readonly wayOn: WayOn
  /** The TMMS, or the link, does not let this person in: the screens around the call say it. */
  readonly atTheDoor?: true
  /** The server is not who it should be. */
  readonly distrust?: Distrust
  /** Said while the call goes on. */
  readonly during?: During
  /** Why a tile shows nothing or is silent. */
  readonly tile?: Word
}

/** Whatever is not known to be lasting may have passed by the next attempt. */
export const other: Outcome = { final: 'never', ended: m.failed_other, wayOn: 'rejoin' }

export function final(ended: Word, wayOn: WayOn, more: Partial<Outcome> = {}): Outcome {
  return { ...other, final: 'always', ended, wayOn, ...more }
}

/** A banner until it is dismissed or over, and a line in the security panel when it is the encryption's. */
export function banner(word: Word, outcome: Outcome = other, more: Partial<During> = {}): Outcome {
  return { ...outcome, during: { word, place: 'banner', tone: 'error', ...more } }
}

/** A banner for what is proved against somebody. */
export function alarm(word: Word, outcome: Outcome = other, more: Partial<During> = {}): Outcome {
  return banner(word, outcome, { alarm: true, ...more })
}

/** A banner about somebody who is not let in, for no fault of anybody's. */
export function outside(word: Word, outcome: Outcome = other): Outcome {
  return banner(word, outcome, { tone: 'waiting', over: 'with-member' })
}

export function listed(word: Word, outcome: Outcome = other, more: Partial<During> = {}): Outcome {
  return { ...outcome, during: { word, place: 'list', tone: 'error', ...more } }
}
