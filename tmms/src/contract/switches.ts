/**
 * What administrators may restrict: one table of switches, which panel, tokens, interface and texts are made from. A
 * function that does not exist has no row; whoever builds one adds a line here, its texts, and its enforcement.
 * Imports no schema library, so that pages can take it for free.
 */
import {
  AHEAD_MAX_DAYS,
  DURATION_MAX_MINUTES,
  DURATION_MIN_MINUTES,
  INVITED_MAX,
  PARTICIPANTS_MAX,
} from './limits.ts'

export const PROFILE_NAMES = ['open', 'standard', 'restricted'] as const
export type ProfileName = (typeof PROFILE_NAMES)[number]

/**
 * - `account`: about a person, whatever the meeting; profiles do not have it.
 * - `planning`: fixed when a meeting is planned or people are invited to it.
 * - `session`: the same, and tokens carry it for the whole meeting, because its keys hang on it.
 * - `token`: signed into every token (claim `pol`), so that a change holds from the next one on.
 */
export type Holds = 'account' | 'planning' | 'session' | 'token'
type Defaults<T> = Readonly<Record<ProfileName, T>>

/** Strictest wins: `allowed` false, `required` true, the smallest `limit`, the largest `floor`. */
export type SwitchRow =
  | {
      readonly kind: 'allowed' | 'required'
      readonly holds: Holds
      readonly defaults: Defaults<boolean>
    }
  | {
      readonly kind: 'limit' | 'floor'
      readonly holds: Holds
      readonly defaults: Defaults<number>
      readonly min: number
      readonly max: number
    }

const same = <T>(value: T): Defaults<T> => ({ open: value, standard: value, restricted: value })
const days = { min: 1, max: AHEAD_MAX_DAYS }
const minutes = { min: DURATION_MIN_MINUTES, max: DURATION_MAX_MINUTES }
const people = { min: 2, max: PARTICIPANTS_MAX }

// One line a switch.
// prettier-ignore
export const SWITCHES = {
  organise: { kind: 'allowed', holds: 'account', defaults: same(true) },
  outsiders: { kind: 'allowed', holds: 'account', defaults: same(true) },
  messages: { kind: 'allowed', holds: 'token', defaults: { open: true, standard: true, restricted: false } },
  durationMin: { kind: 'limit', holds: 'planning', ...minutes, defaults: { open: 1440, standard: 1440, restricted: 240 } },
  participants: { kind: 'limit', holds: 'token', ...people, defaults: { open: 1000, standard: 500, restricted: 50 } },
  invitations: { kind: 'limit', holds: 'planning', min: 1, max: INVITED_MAX, defaults: { open: 300, standard: 300, restricted: 50 } },
  aheadDays: { kind: 'limit', holds: 'planning', ...days, defaults: { open: 1830, standard: 731, restricted: 92 } },
  suite: { kind: 'floor', holds: 'session', min: 1, max: 2, defaults: { open: 1, standard: 1, restricted: 2 } },
  attendance: { kind: 'allowed', holds: 'planning', defaults: { open: true, standard: true, restricted: false } },
  ownLink: { kind: 'required', holds: 'planning', defaults: { open: false, standard: false, restricted: true } },
} as const satisfies Readonly<Record<string, SwitchRow>>

export type SwitchName = keyof typeof SWITCHES
export const SWITCH_NAMES = Object.keys(SWITCHES) as readonly SwitchName[]
export type SwitchValue<N extends SwitchName> = (typeof SWITCHES)[N]['kind'] extends
  'allowed' | 'required'
  ? boolean
  : number
/** About people: profiles do not have them. */
export type AccountSwitch = {
  [N in SwitchName]: (typeof SWITCHES)[N]['holds'] extends 'account' ? N : never
}[SwitchName]
/** A value for every switch. */
export type SwitchValues = { readonly [N in SwitchName]: SwitchValue<N> }
/** Only what is restricted. */
export type Restrictions = { readonly [N in SwitchName]?: SwitchValue<N> }

/** A refusal by the policy: which switch, and what may be. */
export interface Restriction {
  readonly name: SwitchName
  readonly value: boolean | number
}
/** Classification mark: words on every screen and mail of a meeting, in white or black on `colour` (`#rrggbb`). */
export interface Mark {
  readonly text: string
  readonly colour: string
}
