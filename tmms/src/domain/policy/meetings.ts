/** What holds for a meeting: what it was planned with, what its profile says now, and each person's groups. */
import type { OfferedProfile } from '../../contract/groups.ts'
import {
  PROFILE_NAMES,
  SWITCHES,
  type Mark,
  type ProfileName,
  type Restriction,
  type Restrictions,
  type SwitchName,
  type SwitchRow,
  type SwitchValues,
} from '../../contract/switches.ts'
import type { MeetingPolicyClaim } from '../../contract/tokens.ts'
import type { Invitable } from '../../contract/security.ts'
import { TmmsError } from '../../errors.ts'
import type { AccountRecord } from '../../store/accounts.ts'
import type { MeetingRecord } from '../../store/meetings.ts'
import type { Rows } from '../../store/store.ts'
import { invitableBy } from '../security/domains.ts'
import { readRestrictions, valuesOf } from './people.ts'
import { profileOf, readPolicy } from './profiles.ts'
import { fits, signed, strictest } from './rules.ts'

type Stored = Pick<MeetingRecord, 'profile' | 'profileJson' | 'restrictions'>
type PolicyRows = Pick<Rows, 'profiles' | 'groups'>

/** What somebody may plan, and what a meeting planned so is stored with. */
export interface PlanningRules {
  readonly profile: ProfileName
  readonly values: SwitchValues
  /** The domains that may be invited; null: every one. */
  readonly invitable: Invitable | null
}
/** What a meeting may be that is planned already. */
export type InvitingRules = Pick<PlanningRules, 'values' | 'invitable'>

/**
 * The strictest of the profile and the organiser's groups.
 * @throws {TmmsError} `restricted` for somebody who may not organise, `bad-request` for a profile that is not offered.
 */
export async function planningRules(
  rows: PolicyRows & Pick<Rows, 'settings'>,
  organiser: AccountRecord,
  wanted: ProfileName | undefined,
): Promise<PlanningRules> {
  const { preset, profiles } = await readPolicy(rows)
  const name = wanted ?? preset
  if (!profiles[name].offered) {
    throw new TmmsError('bad-request', 'This profile may not be chosen.', { field: 'profile' })
  }
  const own = await valuesOf(rows, organiser)
  requireWithin('organise', own.organise, { wanted: true })
  const values = combine(profiles[name].switches, own)
  return { profile: name, values, invitable: await invitableBy(rows, organiser) }
}

/** The profiles that somebody may plan with, each as strict as it would be for this person. */
export async function offeredTo(
  rows: PolicyRows,
  organiser: AccountRecord,
): Promise<{ readonly preset: ProfileName; readonly profiles: readonly OfferedProfile[] }> {
  const { preset, profiles } = await readPolicy(rows)
  const own = await valuesOf(rows, organiser)
  const offered = PROFILE_NAMES.filter((name) => profiles[name].offered).map((name) => {
    const { switches, mark } = profiles[name]
    const all = combine(switches, own)
    const held = Object.keys(switches).map((one) => [one, all[one as SwitchName]] as const)
    return { name, switches: Object.fromEntries(held) as typeof switches, mark }
  })
  return { preset, profiles: offered }
}

/** What holds now for whoever invites to a meeting that is planned already. */
export async function invitingRules(
  rows: Pick<Rows, 'groups' | 'settings'>,
  organiser: AccountRecord,
  meeting: Pick<Stored, 'restrictions'>,
): Promise<InvitingRules> {
  const rules = await changingRules(rows, organiser, meeting)
  requireOrganising(rules)
  return rules
}

/** What holds now for whoever changes a meeting: also who may organise no more may shorten it or take people out. */
export async function changingRules(
  rows: Pick<Rows, 'groups' | 'settings'>,
  organiser: AccountRecord,
  meeting: Pick<Stored, 'restrictions'>,
): Promise<InvitingRules> {
  const values = combine(readRestrictions(meeting), await valuesOf(rows, organiser))
  return { values, invitable: await invitableBy(rows, organiser) }
}

/** @throws {TmmsError} `restricted` for somebody who may not organise. */
export function requireOrganising({ values }: InvitingRules): void {
  requireWithin('organise', values.organise, { wanted: true })
}

export interface Entering {
  readonly meeting: Stored
  readonly account: AccountRecord
  /** What this server is set to: a meeting may ask for more. */
  readonly suite: 1 | 2
}

/** What is signed into the token of somebody: of everybody in the meeting the same, but for the own groups. */
export async function claimFor(
  rows: Pick<Rows, 'groups'>,
  { meeting, account, suite }: Entering,
): Promise<{ readonly pol: MeetingPolicyClaim; readonly suite: 1 | 2 }> {
  const own = await valuesOf(rows, account)
  const { switches, mark } = profileOf(meeting.profile, meeting.profileJson)
  const stored = combine(readRestrictions(meeting), { suite })
  // What its keys hang on stays as it was planned; the rest follows the profile, and gets stricter only.
  const forAll = combine(stored, onlyOfTokens(switches))
  // A person's group cannot change the keys of a meeting; it keeps the person out of one with weaker keys.
  requireWithin('suite', own.suite, { wanted: stored.suite })
  const values = signed(SWITCHES, combine(forAll, onlyOfTokens(own)))
  return {
    pol: { ...values, ...(mark === null ? {} : { mark }) } as unknown as MeetingPolicyClaim,
    suite: stored.suite === 2 ? 2 : 1,
  }
}

/** As it stands on the screens and mails of a meeting. */
export function markOf({
  profile,
  profileJson,
}: Pick<MeetingRecord, 'profile' | 'profileJson'>): Mark | null {
  return profileOf(profile, profileJson).mark
}

/** Planned so, which the invited could see, and not switched off for its profile since. */
export function keepsAttendance(
  meeting: Pick<MeetingRecord, 'restrictions' | 'profile' | 'profileJson'>,
): boolean {
  // Meetings planned before there was such a switch say nothing about it.
  const planned = readRestrictions(meeting).attendance === true
  return planned && profileOf(meeting.profile, meeting.profileJson).switches.attendance
}

/** @throws {TmmsError} `restricted`, saying which switch and what may be. */
export function requireWithin(
  name: SwitchName,
  allowed: boolean | number,
  { wanted, field = name }: { readonly wanted: boolean | number; readonly field?: string },
): void {
  if (fits(SWITCHES[name], allowed, wanted)) return
  const restriction: Restriction = { name, value: allowed }
  throw new TmmsError('restricted', `The administrator restricts ${name} to ${String(allowed)}.`, {
    field,
    restriction,
  })
}

function combine(...all: readonly Restrictions[]): SwitchValues {
  return strictest(SWITCHES, all) as unknown as SwitchValues
}

function onlyOfTokens(values: Restrictions): Restrictions {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name]) => (SWITCHES[name as SwitchName] as SwitchRow).holds === 'token',
    ),
  )
}
